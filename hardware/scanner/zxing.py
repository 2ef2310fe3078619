"""zxing-cpp, when it is installed: the stronger engine on whole pictures."""

from hardware.scanner.found import Found, Picture
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
    """The zxing-cpp reader, for QR codes only."""

    name = "zxing"

    def read(self, picture: Picture) -> list[Found]:
        """Every QR code that zxing-cpp reads in `picture`."""
        codes = zxingcpp.read_barcodes(
            picture,
            formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
            text_mode=zxingcpp.TextMode.Plain,
        )
        return [_found(code) for code in codes if code.valid]


def zxing_if_installed() -> Zxing | None:
    """The engine, or None on a machine without zxing-cpp."""
    return Zxing() if INSTALLED else None


def _found(code: "zxingcpp.Barcode") -> Found:
    named = code.symbology_identifier in _ECI_IDENTIFIERS
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return Found(
        code.text if named else text_of(code.bytes),
        tuple((float(point.x), float(point.y)) for point in corners),
    )
