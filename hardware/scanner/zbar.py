"""libzbar, through pyzbar's bindings, with the options that pyzbar.decode does not offer.

pyzbar.decode guesses the character set (and gets German names wrong), raises ValueError on any Structured
Append code, copies the picture and builds a scanner for each call. The library itself does none of that.
Debian's 0.23.92-7+deb12u1 or later is required: older ones have CVE-2023-40889 and CVE-2023-40890.
"""

from ctypes import c_void_p, string_at
from typing import Any

import numpy as np
from pyzbar import wrapper

from hardware.scanner.found import Found, Look, Picture
from hardware.scanner.payload import text_of

_CFG_BINARY = 4  # zbar.h: raw bytes, no guess at the character set
_CFG_TEST_INVERTED = 0x81  # zbar.h: when nothing is found, look for light on dark
_ANY_SYMBOL = 0
_Y800 = int.from_bytes(b"Y800", "little")


class Zbar:
    """One image scanner of libzbar, for QR codes only, kept for many pictures. Not for use by two threads."""

    name = "zbar"

    def __init__(self) -> None:
        self._scanner: Any = wrapper.zbar_image_scanner_create()
        for symbol, config, value in (
            (_ANY_SYMBOL, wrapper.ZBarConfig.CFG_ENABLE, 0),
            (wrapper.ZBarSymbol.QRCODE, wrapper.ZBarConfig.CFG_ENABLE, 1),
            (wrapper.ZBarSymbol.QRCODE, _CFG_BINARY, 1),
            (_ANY_SYMBOL, _CFG_TEST_INVERTED, 1),
        ):
            wrapper.zbar_image_scanner_set_config(self._scanner, symbol, config, value)

    def __del__(self) -> None:
        wrapper.zbar_image_scanner_destroy(self._scanner)

    def look(self, picture: Picture) -> Look:
        """Every QR code that libzbar reads in `picture`. It does not tell of codes that it cannot read."""
        pixels = np.ascontiguousarray(picture)  # zbar reads this memory in place: it must outlive the scan
        height, width = pixels.shape
        image = wrapper.zbar_image_create()
        try:
            wrapper.zbar_image_set_format(image, _Y800)
            wrapper.zbar_image_set_size(image, width, height)
            wrapper.zbar_image_set_data(image, pixels.ctypes.data_as(c_void_p), pixels.size, None)
            wrapper.zbar_scan_image(self._scanner, image)
            return Look([_found(symbol) for symbol in _symbols(image)])
        finally:
            wrapper.zbar_image_destroy(image)


def _symbols(image: Any) -> list[Any]:
    symbols = []
    symbol = wrapper.zbar_image_first_symbol(image)
    while symbol:
        symbols.append(symbol)
        symbol = wrapper.zbar_symbol_next(symbol)
    return symbols


def _found(symbol: Any) -> Found:
    raw = string_at(wrapper.zbar_symbol_get_data(symbol), wrapper.zbar_symbol_get_data_length(symbol))
    corners = tuple(
        (float(wrapper.zbar_symbol_get_loc_x(symbol, n)), float(wrapper.zbar_symbol_get_loc_y(symbol, n)))
        for n in range(wrapper.zbar_symbol_get_loc_size(symbol))
    )
    return Found(text_of(raw), corners)
