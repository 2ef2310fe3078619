"""Settings: config/kiosk.toml, overridable by environment (KIOSK_CENTRE__URL=...), checked as a whole.

Every error is reported at once with its place and what would be right; nothing starts half-configured.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FilePath,
    HttpUrl,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kiosk.contract.wire import Language

ROOT = Path(__file__).parent.parent
THIS_MACHINE = frozenset({"127.0.0.1", "[::1]", "localhost"})
DEFAULT_FILE = ROOT / "config" / "kiosk.toml"

Text = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
Side = Literal["left", "right", "above", "below"]


class Section(BaseModel):
    """A table of the settings file; unknown keys are errors, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class KioskSection(Section):
    """Which machine this is."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,32}$")]
    place_zh: Text
    place_en: Text
    data: Path = Path("var")
    """Folder for what must outlive the program: key, journal, staff; relative to the project."""


class CentreSection(Section):
    """Whom it serves for. The names stand in the header and on paper."""

    url: HttpUrl
    ca: FilePath | None = None
    """The authorities (PEM) that may vouch for the centre, if not those that browsers know."""
    name_zh: Text
    name_en: Text
    help_phone: Annotated[str, StringConstraints(pattern=r"^[0-9 -]{3,20}$")]
    window_zh: Text
    window_en: Text

    @field_validator("url")
    @classmethod
    def _nobody_reads_along(cls, url: HttpUrl) -> HttpUrl:
        if url.scheme != "https" and url.host not in THIS_MACHINE:
            raise ValueError("https, unless the centre is on this very machine")
        return url


UPRIGHT_MM, LYING_MM = (250, 440), (338, 190)
"""Width and height of the smallest panels on which every screen was laid out with nothing clipped."""

MOST_OBLONG = 1.05
"""A pixel is square: else a length was measured wrongly, and every letter and key would have the wrong size."""


class PanelSection(Section):
    """The screen: pixels and millimetres of the visible area, as mounted."""

    width_px: Annotated[int, Field(ge=600, le=8000)]
    height_px: Annotated[int, Field(ge=600, le=8000)]
    width_mm: Annotated[float, Field(ge=150, le=2000)]
    height_mm: Annotated[float, Field(ge=150, le=2000)]
    full_screen: bool = True
    motion: bool = True
    """Whether charts unfold and pictures move; without it all stands at once."""

    @model_validator(mode="after")
    def _words_and_fingers_have_room(self) -> "PanelSection":
        least = UPRIGHT_MM if self.height_mm > self.width_mm else LYING_MM
        if self.width_mm < least[0] or self.height_mm < least[1]:
            raise ValueError(f"too small for letters and fingers: at least {least[0]} x {least[1]} mm")
        across, down = self.width_px / self.width_mm, self.height_px / self.height_mm
        if not 1 / MOST_OBLONG <= across / down <= MOST_OBLONG:
            raise ValueError(f"{across:.2f} pixels a mm across, {down:.2f} down: one of the lengths is wrong")
        return self


class LayoutSection(Section):
    """Where on the cabinet each thing is, seen from the screen: the pictures show the hand."""

    id_card: Side = "right"
    joint_card: Side = "right"
    scanner: Side = "below"
    receipt_printer: Side = "below"


class TimeoutSection(Section):
    """All in seconds."""

    idle_s: Seconds = 45
    idle_warning_s: Annotated[float, Field(ge=20, le=120)] = 20  # EN 301 549: at least 20 s to answer
    idle_elder_factor: Annotated[float, Field(ge=1, le=10)] = 3
    device_s: Seconds = 60
    paper_s: Seconds = 30


class DeviceSection(BaseModel):
    """A device: its driver ("none" is legal) and the driver's own options, checked by the driver."""

    model_config = ConfigDict(frozen=True, extra="allow")
    driver: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]

    @property
    def options(self) -> Mapping[str, Any]:
        return self.model_extra or {}


class Settings(BaseSettings):
    """The whole file."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="KIOSK_", env_nested_delimiter="__"
    )

    kiosk: KioskSection
    centre: CentreSection
    panel: PanelSection
    layout: LayoutSection = LayoutSection()
    timeouts: TimeoutSection = TimeoutSection()
    language: Language = "zh"
    """Of the idle screen: whoever comes chooses their own."""
    devices: dict[str, DeviceSection]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings

    @property
    def data(self) -> Path:
        return self.kiosk.data if self.kiosk.data.is_absolute() else ROOT / self.kiosk.data


class SettingsProblem(Exception):
    """What is wrong with the settings: every error, each with its place."""

    def __init__(self, errors: tuple[str, ...]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def load(file: Path = DEFAULT_FILE, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read and check. `overrides` (a nested mapping, from the command line) win over environment and file."""

    class FromFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], *args: Any, **kwargs: Any
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (
                *Settings.settings_customise_sources(settings_cls, *args, **kwargs),
                TomlConfigSettingsSource(settings_cls, file),
            )

    if not file.is_file():
        raise SettingsProblem((f"{file}: there is no such settings file",))
    try:
        return FromFile(**(overrides or {}))
    except ValidationError as problem:
        raise SettingsProblem(tuple(_sentence(file, error) for error in problem.errors())) from None
    except ValueError as problem:  # not TOML, or not UTF-8
        raise SettingsProblem((f"{file}: {problem}",)) from None


def panel_of(file: Path) -> PanelSection | None:
    """The panel of a file whose other settings may be wrong: what is wrong is to be read on it. None when it says
    nothing usable of the panel either."""
    try:
        return PanelSection.model_validate(tomllib.loads(file.read_text("utf-8"))["panel"])
    except (OSError, ValueError, KeyError):
        return None


def _sentence(file: Path, error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    given = error.get("input")
    shown = f" (given: {given!r})" if isinstance(given, str | int | float) else ""
    return f"{file.name}: {place}: {error['msg']}{shown}"
