"""The catalogue of services, read once when it is first asked for."""

from functools import cache
from pathlib import Path

from kiosk.contract.catalogue import Catalogue, load_catalogue

SERVICES_FOLDER = Path(__file__).resolve().parent.parent.parent / "config" / "services"


@cache
def catalogue() -> Catalogue:
    """Every guide. Raises DataError when the folder holds a mistake."""
    return load_catalogue(SERVICES_FOLDER)
