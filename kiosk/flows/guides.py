"""Business guides (业务指南): find an item, read it, take it along on the phone or on paper, or start it here."""

from collections.abc import Awaitable, Callable

from hardware.device import Kind
from kiosk.contract.catalogue import Catalogue, guide_url, parse_guide_code
from kiosk.contract.datafiles import Text
from kiosk.contract.guide import Item
from kiosk.documents.slips import guide_slip
from kiosk.flows.paper import hand_out
from kiosk.messages import Part, msg
from kiosk.prompts import Action, Choose, Guide, GuideSection, Option, Present
from kiosk.values import Bilingual
from kiosk.visit import Visit

SCAN = "scan"


def guides(catalogue: Catalogue, base_url: str) -> Callable[[Visit], Awaitable[str | None]]:
    """The flow over one catalogue; `base_url` is where a phone finds the same guides."""

    async def flow(visit: Visit) -> str | None:
        """Returns the service that the citizen wants to start, if any."""
        shelf = await visit.ask(shelves(catalogue, scanner=_can_scan(visit)))
        if shelf == SCAN:
            code = await visit.scan(
                Present("guide_code", msg("guide.scan"), msg("guide.scan.explain")),
                lambda text: _known(catalogue, parse_guide_code(text, base_url)),
                msg("guide.scan.wrong"),
            )
        else:
            code = await visit.ask(titles(catalogue, shelf))
        item = catalogue.by_code(code)
        assert item is not None
        match await visit.ask(page(catalogue, item, base_url)):
            case "start":
                return item.kiosk.starts
            case "print":
                slip = guide_slip(catalogue, item, base_url, visit.desk())
                await hand_out(visit, slip)
        return None

    return flow


def _known(catalogue: Catalogue, code: str | None) -> str | None:
    return code if code and catalogue.by_code(code) else None


def _can_scan(visit: Visit) -> bool:
    scanner = visit.devices.get(Kind.SCANNER)
    return scanner is not None and scanner.status.usable


def bilingual(text: Text) -> Bilingual:
    """A text of the data files as a value of a message."""
    return Bilingual(text.zh, text.en)


def shelves(catalogue: Catalogue, *, scanner: bool) -> Choose:
    """The categories, and a guide's code held before the camera."""
    options = [
        Option(
            msg("text", text=bilingual(category.name)),
            category.code,
            line=msg("guide.count", names=_some_names(catalogue, category.code)),
            icon="folder",
        )
        for category in sorted(catalogue.categories, key=lambda category: category.order)
        if catalogue.in_category(category.code)
    ]
    options.append(
        Option(
            msg("guide.by-code"),
            SCAN,
            line=msg("guide.by-code.line"),
            icon="scan",
            reason=None if scanner else msg("need.scanner"),
        )
    )
    return Choose(msg("guide.shelves"), tuple(options))


def _some_names(catalogue: Catalogue, category: str) -> Bilingual:
    items = catalogue.in_category(category)
    return Bilingual(
        f"{len(items)} 项：" + "、".join(item.name.zh for item in items[:2]),
        f"{len(items)}: " + ", ".join(item.name.en for item in items[:2]),
    )


def titles(catalogue: Catalogue, category: str) -> Choose:
    """The guides of one shelf."""
    shelf = next(found for found in catalogue.categories if found.code == category)
    return Choose(
        msg("text", text=bilingual(shelf.name)),
        tuple(
            Option(
                msg("text", text=bilingual(item.name)),
                item.code,
                line=bilingual(item.line),
                icon="guide",
                badge=msg("guide.here") if item.kiosk.does == "all" else None,
            )
            for item in catalogue.in_category(category)
        ),
    )


def page(catalogue: Catalogue, item: Item, base_url: str) -> Guide:
    """One guide, in the order in which people ask."""
    words = catalogue.headings

    def section(heading: Text, items: tuple[Part, ...], icon: str, *, numbered: bool = False) -> GuideSection:
        return GuideSection(msg("text", text=bilingual(heading)), items, numbered=numbered, icon=icon)

    bring = tuple(bilingual(text) for text in item.bring) or (bilingual(words.bring_nothing),)
    basis = tuple(
        Bilingual(zh, en)
        for zh, en in zip(catalogue.basis_lines(item, "zh"), catalogue.basis_lines(item, "en"), strict=True)
    )
    sections = (
        section(words.who, (bilingual(item.who),), "person"),
        section(words.conditions, tuple(bilingual(c) for c in item.conditions), "check"),
        section(words.bring, bring, "folder"),
        section(
            words.not_needed,
            tuple(
                msg(
                    "guide.not-needed",
                    paper=bilingual(shared),
                    source=bilingual(catalogue.sources[shared.source]),
                )
                for shared in item.not_needed
            ),
            "leaf",
        ),
        section(words.steps, tuple(bilingual(step) for step in item.steps), "list", numbered=True),
        section(words.time_limit, (bilingual(item.time_limit),), "clock"),
        section(words.where, tuple(bilingual(catalogue.where[place]) for place in item.where), "place"),
        section(words.kiosk, (bilingual(item.kiosk),), "kiosk"),
        section(words.fee, (bilingual(item.fee or words.no_fee),), "money"),
        section(words.basis, basis, "law"),
    )
    actions = [
        Action("print", msg("action.print"), icon="print"),
        Action("done", msg("action.menu"), icon="menu"),
    ]
    if item.kiosk.starts:
        actions.insert(0, Action("start", msg("guide.start"), "primary", icon="next"))
    return Guide(
        bilingual(item.name),
        bilingual(item.line),
        sections,
        code_text=guide_url(base_url, item.code),
        actions=tuple(actions),
    )
