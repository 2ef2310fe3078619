"""Reading papers back with the eyes of others: poppler, the printer's emulator, the scanner."""

import io
import re
import subprocess
from dataclasses import dataclass

import numpy as np
import pikepdf
from PIL import Image

from central.seal.code import Claims, unseal
from hardware.receipt_printer.emulator import read_all
from hardware.receipt_printer.encoder import Model, encode
from hardware.receipt_printer.receipt import Receipt
from hardware.receipt_printer.slip import Slip
from hardware.scanner.decode import Decoder
from tests.kiosk.documents.samples import KEYS


def pdf_text(pdf: bytes, *options: str) -> str:
    """What poppler finds on all pages."""
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def pdf_picture(pdf: bytes, page: int = 1, dpi: int = 150) -> Image.Image:
    """A page as poppler draws it."""
    command = ["pdftoppm", "-png", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile", "-"]
    return Image.open(io.BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))


def printed(receipt: Receipt, model: Model) -> Slip:
    """What a strict printer brings to paper."""
    events = tuple(read_all(b"".join(encode(receipt, model).pieces), model.dots))
    return Slip(events, model.dots, cut=True)


def squeezed(text: str) -> str:
    """Without white space: where a line breaks is not what is asked."""
    return re.sub(r"\s+", "", text)


def code_on(picture: Image.Image) -> Claims:
    """What the code on a picture says, as the kiosk's own scanner reads it; its seal is checked."""
    reading = Decoder().still(np.asarray(picture.convert("L")))
    assert reading.text is not None, "the scanner reads no code"
    return unseal(reading.text, KEYS.public_keys())


@dataclass(frozen=True)
class Element:
    """An element of a PDF's structure tree."""

    kind: str
    alternative: str


def structure(pdf: bytes) -> list[Element]:
    """The structure tree, in reading order."""
    found: list[Element] = []

    def walk(node: object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(Element(str(node.S), str(node.get("/Alt", ""))))
            walk(node.get("/K"))

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        walk(opened.Root.StructTreeRoot.K)
    return found
