"""zxing-cpp, when it is installed: the stronger engine on whole pictures."""

from hardware.scanner.found import Found, Glimpse, Look, Picture
from hardware.scanner.payload import text_of

try:
    import zxingcpp
except ImportError:  # no wheel for this machine: libzbar alone must do
    INSTALLED = False
else:
    INSTALLED = True

_ECI_IDENTIFIERS = ("]Q2", "]Q4", "]Q6")
"""ISO/IEC 18004: symbology identifiers of codes that name their character set."""


class Zxing:
    """The zxing-cpp reader, for QR codes only: Micro QR, with its weak checks, reads much into noise."""

    name = "zxing"

    def look(self, picture: Picture) -> Look:
        """Every QR code that zxing-cpp reads in `picture`, and where it saw one that it could not read."""
        kinds = zxingcpp.BarcodeFormat.QRCodeModel1, zxingcpp.BarcodeFormat.QRCodeModel2
        barcodes = zxingcpp.read_barcodes(
            picture,
            formats=zxingcpp.BarcodeFormats(kinds),
            text_mode=zxingcpp.TextMode.Plain,
            return_errors=True,
        )
        codes = [_found(barcode) for barcode in barcodes if barcode.valid]
        glimpses = [_glimpse(barcode) for barcode in barcodes if not barcode.valid]
        return Look(codes, [glimpse for glimpse in glimpses if glimpse])


def zxing_if_installed() -> Zxing | None:
    """The engine, or None on a machine without zxing-cpp."""
    return Zxing() if INSTALLED else None


def _found(barcode: "zxingcpp.Barcode") -> Found:
    named = barcode.symbology_identifier in _ECI_IDENTIFIERS
    return Found(barcode.text if named else text_of(barcode.bytes), _corners(barcode))


def _glimpse(barcode: "zxingcpp.Barcode") -> Glimpse | None:
    version = str(barcode.extra.get("Version", "")) if isinstance(barcode.extra, dict) else ""
    return Glimpse(_corners(barcode), 17 + 4 * int(version)) if version.isdecimal() else None


def _corners(barcode: "zxingcpp.Barcode") -> tuple[tuple[float, float], ...]:
    place = barcode.position
    corners = place.top_left, place.top_right, place.bottom_right, place.bottom_left
    return tuple((float(point.x), float(point.y)) for point in corners)
