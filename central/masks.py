"""What a screen may show of a person: never more than they need to recognise themselves."""


def name(full: str) -> str:
    """王* for 王五, 测* for a longer one; of a Latin name the first word: "Alexandra *"."""
    first = full.split(" ")[0] if full.isascii() and " " in full else full[:1]
    return f"{first} *" if full.isascii() else f"{first}*"


def id_number(number: str) -> str:
    """2102**********1319: the region and the last four."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def card(number: str | None) -> str | None:
    """6217 **** 1234: the first and last four digits."""
    return None if number is None else f"{number[:4]} **** {number[-4:]}"


def account(number: str) -> str:
    """The last four digits of an account number, the rest as stars."""
    return f"{'*' * (len(number) - 4)}{number[-4:]}"


def address(text: str) -> str:
    """The street without the door: everything after the first digit is hidden."""
    shown = next((i for i, character in enumerate(text) if character.isdigit()), len(text))
    return text[:shown] + "***"
