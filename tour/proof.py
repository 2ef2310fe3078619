"""Paper in the hand, held before a phone: the code on its picture is read and opened at the centre."""

import io
import subprocess

import requests
import zxingcpp
from PIL import Image

from kiosk.contract.wire import Language
from tour.citizen import Citizen, Unexpected

GENUINE = {"zh": "真实有效", "en": "Genuine"}
ANSWER_S = 10.0
SHEET_DPI = 150


def slip_is_genuine(citizen: Citizen, language: Language) -> None:
    """The newest slip's code opens a page that calls it genuine and shows its number. Raises Unexpected."""
    picture, text = citizen.kiosk.slip(citizen.kiosk.slips())
    _is_genuine(Image.open(io.BytesIO(picture)), text, language)


def sheet_is_genuine(citizen: Citizen, language: Language, *said: str) -> None:
    """The same of the newest A4 sheet, on which all of `said` stands. Raises Unexpected."""
    pdf = citizen.kiosk.sheet(citizen.kiosk.sheets())
    text = _poppler(["pdftotext", "-", "-"], pdf).decode()
    missing = [word for word in said if word not in text]
    if missing:
        raise Unexpected(f"the sheet does not say {missing}; it says: {text[:600]}")
    _is_genuine(sheet_picture(pdf, SHEET_DPI), text, language)


def sheet_picture(pdf: bytes, dpi: int) -> Image.Image:
    """The first page of a document."""
    return Image.open(io.BytesIO(_poppler(["pdftoppm", "-png", "-r", str(dpi), "-singlefile", "-"], pdf)))


def _poppler(command: list[str], pdf: bytes) -> bytes:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def _is_genuine(picture: Image.Image, text: str, language: Language) -> None:
    larger = picture.resize((picture.width * 2, picture.height * 2))
    codes = zxingcpp.read_barcodes(larger, formats=zxingcpp.BarcodeFormat.QRCode)
    if len(codes) != 1:
        raise Unexpected(f"{len(codes)} QR codes can be read off the paper")
    page = requests.get(codes[0].text, params={"lang": language}, timeout=ANSWER_S).text
    number = next((word for word in text.split() if word.isdecimal() and len(word) == 16), None)
    if GENUINE[language] not in page or number is None or number not in page:
        raise Unexpected(f"the centre does not know the paper numbered {number}")
