"""What espeak-ng's Mandarin voice reads wrongly, written so that it reads it rightly: homophones, never shown.

It takes a character that has two readings by its commonest one (还 as hái, 行 as xíng), and stutters over 贷款.
"""

import re

HOMOPHONES = (
    (r"银行", "银航"),  # háng, not xíng
    (r"贷款", "代款"),  # its dictionary says the last syllable twice
    (
        r"还(?![有在没不差缺剩能抵是要]|可以)|(?<=[要没])还(?=清)",
        "环",
    ),  # huán, to repay; hái where it means still
    (r"重(?=[新复启建选试置打开])", "崇"),  # chóng, again; not zhòng, heavy
    (r"调(?=整)", "条"),  # tiáo, to adjust; not diào
    (r"(?<=[异外本各当])地|地(?=[点址方区])|(?<=土)地", "第"),  # dì, a place; not the particle de
    (r"(?<=[办用]不)了", "瞭"),  # liǎo, cannot be; not the particle le
)

_HOMOPHONES = tuple((re.compile(wrong), right) for wrong, right in HOMOPHONES)

HANZI = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_CHINESE = re.compile(f"([{HANZI}](?:[{HANZI}·、，（）]*[{HANZI}）])?)")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def as_read(text: str) -> str:
    """Chinese text for the Mandarin voice."""
    for wrong, right in _HOMOPHONES:
        text = wrong.sub(right, text)
    return text


def foreign(text: str) -> bool:
    """Whether no Chinese stands in a text, but words in Latin letters: "Start in English" on the Chinese screen."""
    return _LATIN_WORD.search(text) is not None and _CHINESE.search(text) is None


def runs(text: str) -> list[tuple[str, bool]]:
    """A text of another language, cut where Chinese stands in it (a name, an employer): the pieces, and which are
    Chinese. The voices of other languages say "Chinese letter" for each character."""
    pieces = [(piece, n % 2 == 1) for n, piece in enumerate(_CHINESE.split(text))]
    return [(piece, chinese) for piece, chinese in pieces if any(char.isalnum() for char in piece)]
