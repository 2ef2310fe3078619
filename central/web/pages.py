"""Pages: /guide, /guide/{code} and /v/{code}, in upper case too, as they stand in QR codes."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from central import masks
from central.api.security import TheState
from central.centre import CENTRE_NAME
from central.clock import CENTRE_ZONE
from central.documents import by_code
from central.seal.claims import labelled_amounts
from central.seal.code import NotGenuine
from central.web import labels
from central.web.catalogue import catalogue
from central.web.words import WORDS
from kiosk.contract.money import format_grouped
from kiosk.contract.wire import Language

GUIDE_AGE_S = 3600
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

if TYPE_CHECKING:
    from jinja2 import Environment

router = APIRouter(include_in_schema=False)


@cache
def _templates() -> "Environment":
    from jinja2 import (  # the start waits for it
        Environment,
        FileSystemLoader,
        StrictUndefined,
        select_autoescape,
    )

    folder = Path(__file__).resolve().parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["yuan"] = format_grouped
    return environment


def _page(name: str, language: Language, status: int = 200, cache_s: int = 0, **values: Any) -> Response:
    html = (
        _templates()
        .get_template(name)
        .render(
            language=language,
            other="en" if language == "zh" else "zh",
            words=WORDS[language],
            centre=CENTRE_NAME[language],
            **values,
        )
    )
    headers = dict(SECURITY_HEADERS)
    headers["Cache-Control"] = f"public, max-age={cache_s}" if cache_s else "no-store"
    headers["Content-Language"] = "zh-CN" if language == "zh" else "en"
    headers["Vary"] = "Accept-Language"
    return Response(html, status_code=status, media_type="text/html; charset=utf-8", headers=headers)


def wanted_language(request: Request) -> Language:
    """?lang= decides, then the phone's own preference; Chinese when neither says."""
    asked = request.query_params.get("lang")
    if asked in ("zh", "en"):
        return "en" if asked == "en" else "zh"
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"


@router.get("/guide")
@router.get("/GUIDE")
def index(request: Request) -> Response:
    """Every guide, by shelf."""
    return _page("index.html", wanted_language(request), cache_s=GUIDE_AGE_S, catalogue=catalogue())


@router.get("/guide/{code}")
@router.get("/GUIDE/{code}")
def guide(request: Request, code: str) -> Response:
    """One guide; its code in capitals or not."""
    language = wanted_language(request)
    item = catalogue().by_code(code.upper()) if len(code) <= 3 else None
    if item is None:
        return _page("missing.html", language, 404, what=WORDS[language]["no_guide"])
    return _page("guide.html", language, cache_s=GUIDE_AGE_S, catalogue=catalogue(), item=item)


@router.get("/v/{code}")
@router.get("/V/{code}")
@router.get("/verify/{code}")
@router.get("/VERIFY/{code}")
def verify(request: Request, state: TheState, code: str) -> Response:
    """What the paper with this code has to say: enough to compare, without the holder's full name."""
    language = wanted_language(request)
    centre = state.centre
    try:
        with centre.database.read() as tx:
            found = by_code(tx, code, centre.seal_keys.public_keys())
    except NotGenuine:
        return _page("not_genuine.html", language, 404)
    claims, paper = found.claims, found.document
    rows = [
        (labels.label(key, language), format_grouped(fen)) for key, fen in labelled_amounts(claims).items()
    ]
    if paper is not None:
        sealed = labelled_amounts(claims)
        rows += [
            (labels.label(field.key, language), labels.masked(field, language))
            for field in paper.fields
            if field.group == 0 and field.key not in sealed
        ]
    return _page(
        "verify.html",
        language,
        claims=claims,
        title=labels.words(language)[f"document.kind.{claims.kind}"],
        holder=masks.name(paper.holder) if paper else None,
        issued=_local(claims.issued_s),
        rows=rows,
        kept=paper is not None,
        reprints=max(0, found.copies - 1),
        revoked=_local(found.revoked_ms / 1000) if found.revoked_ms is not None else None,
    )


def _local(at_s: float) -> str:
    return f"{datetime.fromtimestamp(at_s, CENTRE_ZONE):%Y-%m-%d %H:%M}"


@router.get("/guide.css")
def style() -> Response:
    """The one style sheet."""
    css = (Path(__file__).resolve().parent / "templates" / "guide.css").read_text(encoding="utf-8")
    return Response(
        css, media_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=86400"}
    )
