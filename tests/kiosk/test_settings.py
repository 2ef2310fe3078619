"""Settings: every mistake is told at once, with its place and what would be right."""

from pathlib import Path

import pytest

from kiosk.settings import DEFAULT_FILE, SettingsProblem, load, panel_of


def test_the_shipped_file_is_valid() -> None:
    settings = load()
    assert settings.devices["id_card"].driver == "sam_v"
    assert settings.devices["id_card"].options == {
        "port": "/dev/serial/by-id/id-card-reader",
        "baud": 115200,
    }


def test_all_mistakes_at_once_with_their_places(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    good = DEFAULT_FILE.read_text("utf-8")
    bad = good.replace("width_px = 1080", "width_px = 10").replace("idle_s = 45", 'idle_s = "soon"')
    file.write_text(
        bad.replace('help_phone = "12329"', 'help_phone = "call me"') + "\n[spare]\na = 1\n", "utf-8"
    )
    with pytest.raises(SettingsProblem) as caught:
        load(file)
    told = "\n".join(caught.value.errors)
    for place in ("panel.width_px", "timeouts.idle_s", "centre.help_phone", "spare"):
        assert f"kiosk.toml: {place}:" in told


@pytest.mark.parametrize("content", ["[kiosk", "\x00", "id = 1 1"])
def test_a_file_that_is_no_toml_is_said_so(content: str, tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(SettingsProblem) as caught:
        load(file)
    assert str(file) in caught.value.errors[0]


def test_the_idle_screen_has_a_language_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_LANGUAGE", "xx")
    with pytest.raises(SettingsProblem, match=r"language: .*'zh'"):
        load()


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match="there is no such settings file"):
        load(tmp_path / "nowhere.toml")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_CENTRE__URL", "https://centre.test/")
    monkeypatch.setenv("KIOSK_TIMEOUTS__IDLE_S", "90")
    settings = load()
    assert str(settings.centre.url) == "https://centre.test/"
    assert settings.timeouts.idle_s == 90
    assert settings.centre.help_phone == "12329"


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_PANEL__WIDTH_PX", "1200")
    settings = load(overrides={"panel": {"width_px": 2160, "height_px": 3840}})
    assert (settings.panel.width_px, settings.panel.width_mm) == (2160, 268.0)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"width_mm": 476.0, "height_mm": 268.0}, "2.27 pixels a mm across, 7.16 down"),
        ({"width_mm": 26.8, "height_mm": 47.6}, "panel.width_mm"),
        ({"width_mm": 200.0, "height_mm": 355.0}, "at least 250 x 440 mm"),
        (
            {"width_px": 1280, "height_px": 720, "width_mm": 320.0, "height_mm": 180.0},
            "at least 338 x 190 mm",
        ),
    ],
    ids=["turned", "centimetres", "small", "small and lying"],
)
def test_lengths_that_cannot_be_are_refused(wrong: dict[str, float], told: str) -> None:
    with pytest.raises(SettingsProblem, match=told):
        load(overrides={"panel": wrong})


def test_what_is_wrong_is_read_on_the_panel_that_is_there(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    good = DEFAULT_FILE.read_text()
    file.write_text(good.replace("width_px = 1080", "width_px = 1090").replace("url =", "uri ="))
    with pytest.raises(SettingsProblem):
        load(file)
    panel = panel_of(file)
    assert panel is not None
    assert panel.width_px == 1090
    for useless in ("[panel", "[kiosk]\n", good.replace("width_px = 1080", 'width_px = "wide"')):
        file.write_text(useless)
        assert panel_of(file) is None
    assert panel_of(tmp_path / "nowhere.toml") is None
