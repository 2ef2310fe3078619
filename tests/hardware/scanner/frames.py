"""A camera in software: seeded frames of a hall in which somebody holds up a code, in the ways that go wrong.

`frame(kind, seed)` gives a grey picture and the text that is in it. Everything is drawn here; nothing is taken
from a picture file. Lengths are in pixels of the finished frame; the scene is drawn at twice the size.
"""

import string
from dataclasses import dataclass

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Light = NDArray[np.float32]
"""Light, 0 dark to 1 white; more than 1 is a lamp."""
Random = np.random.Generator

KINDS = (
    "nominal", "perspective", "defocus", "motion", "lowlight", "glare", "overexposed", "dimscreen", "moire",
    "small", "curved", "inverted", "damaged", "mixed",
)  # fmt: skip
NONE = "none"

_SUPERSAMPLING = 2
_TEXEL = 12  # texture pixels a module
_NAMES = (
    "张伟",
    "王芳",
    "李娜",
    "赵䶮",
    "欧阳明月",
    "Jürgen Müller",
    "Élodie",
    "Łukasz",
    "Ελένη",
    "こんにちは",
)


@dataclass(frozen=True)
class Frame:
    """A picture, and the text of the code in it (None: there is none)."""

    picture: Grey
    text: str | None


def frame(kind: str, seed: int, height: int = 720) -> Frame:
    """The frame of this kind and seed; always the same one. `height` is 720 or 1080, the width 16/9 of it."""
    rng = np.random.default_rng([seed, height, (*KINDS, NONE).index(kind)])
    scene = _hall(rng, height)
    if kind == NONE:
        return Frame(_camera(scene, rng, height), None)
    text, code = _code(rng, kind)
    module_px = _module_px(rng, kind, height, code.shape[0])
    placed = _place(rng, kind, scene, _card(rng, kind, code), module_px, height)
    return Frame(_degrade(rng, kind, placed, module_px, height), text)


# --- what is shown ------------------------------------------------------------------------------------------


def _code(rng: Random, kind: str) -> tuple[str, Grey]:
    """A text and its modules, 1 = dark, without quiet zone."""
    letters = np.array(list(string.ascii_letters + string.digits))

    def word(length: int) -> str:
        return "".join(rng.choice(letters, length))

    text = [
        word(12),
        f"https://visit.example.org/c/{word(18)}",
        f"https://visit.example.org/v1/code?token={word(90)}&place={word(8)}&until={word(20)}",
        f'{{"id":"{word(12)}","for":"{word(8)}","t":{rng.integers(10**9, 2 * 10**9)}}}',
        f"{rng.choice(_NAMES)} {word(6)}",
    ][rng.integers(5)]
    level = "h" if kind == "damaged" and rng.random() < 0.5 else "lmq"[rng.integers(3)]
    code = segno.make_qr(text, error=level, boost_error=False, encoding="utf-8")
    return text, np.array([list(row) for row in code.matrix], np.uint8)


def _module_px(rng: Random, kind: str, height: int, modules: int) -> float:
    """How many pixels of the frame a module takes."""
    if kind == "small":
        return float(rng.uniform(1.25, 2.0))
    share = rng.uniform(0.11, 0.40)  # of the frame's height
    return float(np.clip(share * height / modules, 2.3, 14.0))


def _card(rng: Random, kind: str, code: Grey) -> Light:
    """A phone or a sheet of paper with the code on it, as a texture."""
    phone = kind in ("dimscreen", "moire", "inverted", "overexposed") or (
        kind != "curved" and rng.random() < 0.6
    )
    modules = code.shape[0]
    border = int(rng.integers(4, 8)) if phone else int(rng.integers(5, 12))
    paper, ink = (0.93, 0.06) if phone else (rng.uniform(0.75, 0.92), rng.uniform(0.08, 0.2))
    face = np.pad(code, 4)
    light = np.where(face > 0, ink, paper).astype(np.float32)
    if kind == "inverted":
        light = np.where(face > 0, 0.9, 0.08).astype(np.float32)
    ground = float(light[0, 0])
    above, below = border + int(rng.integers(2, 8)), border + int(rng.integers(6, 18))
    sheet = np.pad(light, ((above, below), (border, border)), constant_values=ground)
    texture = np.kron(sheet, np.ones((_TEXEL, _TEXEL), np.float32))
    size = 0.011 * _TEXEL * modules / 4
    written = 1.0 - ground
    for line in range(int(rng.integers(1, 4))):
        at = (border * _TEXEL, texture.shape[0] - (below - 3) * _TEXEL + int(line * 45 * size))
        words = "".join(rng.choice(list("abcdefghij klmno"), 18))
        _write(texture, words, at, size, written)
    if rng.random() < 0.3 and modules > 25:  # an emblem in the middle
        middle = ((border + 4 + modules // 2) * _TEXEL, (above + 4 + modules // 2) * _TEXEL)
        cv2.circle(texture, middle, int(modules * _TEXEL * 0.07), float(rng.uniform(0.3, 0.7)), -1)
    if kind == "damaged":
        _damage(rng, texture, (above + 4) * _TEXEL, (border + 4) * _TEXEL, modules * _TEXEL)
    if phone:
        texture = cv2.copyMakeBorder(texture, *(2 * _TEXEL,) * 4, cv2.BORDER_CONSTANT, value=0.05)
    return texture


def _write(light: Light, words: str, at: tuple[int, int], size: float, tone: float) -> None:
    """Letters on a texture or scene (OpenCV writes on bytes only)."""
    ink = np.zeros(light.shape, np.uint8)
    cv2.putText(ink, words, at, cv2.FONT_HERSHEY_SIMPLEX, size, 255, max(1, int(2 * size)), cv2.LINE_AA)
    light[ink > 127] = tone


def _damage(rng: Random, texture: Light, top: int, left: int, side: int) -> None:
    """A finger, a stain or a scratch over a part of the code, not over its three finders."""
    for _ in range(int(rng.integers(1, 3))):
        centre = (left + int(side * rng.uniform(0.45, 0.95)), top + int(side * rng.uniform(0.45, 0.95)))
        tone = float(rng.choice([0.15, 0.5, 0.95]))
        if rng.random() < 0.6:
            axes = (int(side * rng.uniform(0.05, 0.12)), int(side * rng.uniform(0.04, 0.09)))
            cv2.ellipse(texture, centre, axes, float(rng.uniform(0, 180)), 0, 360, tone, -1)
        else:
            end = (left + int(side * rng.uniform(0.1, 0.9)), top + side)
            cv2.line(texture, centre, end, tone, max(2, int(side * rng.uniform(0.01, 0.025))))


# --- where and how it is held -------------------------------------------------------------------------------


def _place(
    rng: Random, kind: str, scene: Light, card: Light, module_px: float, height: int
) -> tuple[Light, Light]:
    """The card in front of the scene, turned and leaning; and where it is (1) and is not (0)."""
    if kind == "curved":
        card = _waved(card, rng) if rng.random() < 0.5 else _bent(card, rng)
    high, wide = card.shape
    scale = module_px / _TEXEL
    most = {"perspective": 42.0, "mixed": 25.0, "small": 12.0}.get(kind, 14.0)
    least = 22.0 if kind == "perspective" else 0.0
    lean_x, lean_y = (float(rng.choice([-1, 1]) * rng.uniform(least, most)) for _ in range(2))
    turn = float(rng.uniform(-35, 35)) if rng.random() < 0.85 else float(rng.uniform(-180, 180))
    corners = _projected(wide * scale, high * scale, turn, lean_x, lean_y, distance=3.0 * high * scale)
    extent = np.abs(corners).max(axis=0)
    room = np.array([height * 16 / 9, height]) / 2
    slack = np.maximum(room - extent * 0.9, 0)
    centre = room + rng.uniform(-1, 1, 2) * slack
    target = ((corners + centre) * _SUPERSAMPLING).astype(np.float32)
    source = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    shrink = max(1, int(1 / (scale * _SUPERSAMPLING)))
    if shrink > 1:
        card = cv2.resize(card, (wide // shrink, high // shrink), interpolation=cv2.INTER_AREA)
        source = source * np.array([card.shape[1] / wide, card.shape[0] / high], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    size = (scene.shape[1], scene.shape[0])
    shade = float(rng.uniform(0.8, 1.05))
    if rng.random() < 0.4:
        card = card * _shadow(rng, card.shape)
    if kind == "dimscreen":
        shade = float(rng.uniform(0.12, 0.3))
    front = cv2.warpPerspective(card * shade, matrix, size, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(_opaque(card), matrix, size, flags=cv2.INTER_LINEAR)
    return scene * (1 - mask) + front * mask, mask


def _shadow(rng: Random, shape: tuple[int, ...]) -> Light:
    """The soft edge of a shadow that falls across the card."""
    high, wide = shape
    y, x = np.arange(high)[:, None] / high - 0.5, np.arange(wide)[None, :] / wide - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    across = (x * np.cos(angle) + y * np.sin(angle)).astype(np.float32)
    edge = 1 / (
        1 + np.exp(-(across - np.float32(rng.uniform(-0.2, 0.2))) / np.float32(rng.uniform(0.01, 0.06)))
    )
    return (1 - rng.uniform(0.2, 0.55) * edge).astype(np.float32)


def _opaque(card: Light) -> Light:
    """1 where the card is, 0 where bending has left the texture empty (marked by a negative light)."""
    solid = (card >= 0).astype(np.float32)
    np.maximum(card, 0, out=card)
    return solid


def _waved(card: Light, rng: Random) -> Light:
    """A limp sheet: it sways by up to 2 modules, in waves as long as a code or two."""
    high, wide = card.shape
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    length = float(rng.uniform(0.5, 1.2)) * wide
    sway = _TEXEL * float(rng.uniform(0.6, 2.0))
    slope, phase = rng.uniform(-0.6, 0.6), rng.uniform(0, 2 * np.pi)
    wave = np.sin(2 * np.pi * (x + slope * y) / length + phase).astype(np.float32)
    direction = rng.uniform(0, 2 * np.pi)
    map_x = x + np.float32(sway * np.cos(direction)) * wave
    map_y = y + np.float32(sway * np.sin(direction)) * wave
    swayed = cv2.remap(card, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=-1.0)
    return np.where(swayed < 0, -1.0, swayed * (1 - 0.15 * np.roll(wave, int(length / 4), axis=1))).astype(
        np.float32
    )


def _bent(card: Light, rng: Random) -> Light:
    """A sheet on a cylinder that spans 0.7 to 2 radians of it, seen from two card lengths away."""
    if rng.random() < 0.3:
        return np.ascontiguousarray(_bent(np.ascontiguousarray(card.T), rng).T)
    angle, toward = float(rng.uniform(0.7, 2.0)), bool(rng.random() < 0.6)
    high, wide = card.shape
    radius = wide / angle
    along = np.linspace(-wide / 2, wide / 2, 512)
    depth = radius * (1 - np.cos(along / radius)) * (1 if toward else -1)
    nearness = 1 / (1 + depth / (2 * wide))
    seen = radius * np.sin(along / radius) * nearness
    x = np.arange(wide) - wide / 2
    arc = np.interp(x, seen, along, left=np.nan, right=np.nan)
    near = np.interp(x, seen, nearness)
    y = np.arange(high) - high / 2
    map_x = np.broadcast_to(arc + wide / 2, card.shape).astype(np.float32)
    map_y = (y[:, None] / near[None, :] + high / 2).astype(np.float32)
    map_x = np.where(np.isnan(map_x), -1e4, map_x).astype(np.float32)
    bent = cv2.remap(card, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=-1.0)
    light = 1.0 - 0.35 * np.abs(np.nan_to_num(arc)) / (wide / 2) * (1 if toward else 0.6)
    return np.where(bent < 0, -1.0, bent * light[None, :]).astype(np.float32)


def _projected(
    wide: float, high: float, turn: float, lean_x: float, lean_y: float, distance: float
) -> NDArray[np.float64]:
    """The four corners, around the origin, of a card that is turned in its plane and leaning by two angles."""
    a, b, c = np.radians([turn, lean_x, lean_y])
    roll = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    pitch = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    yaw = np.array([[np.cos(c), 0, np.sin(c)], [0, 1, 0], [-np.sin(c), 0, np.cos(c)]])
    flat = np.array([(-wide, -high, 0), (wide, -high, 0), (wide, high, 0), (-wide, high, 0)]) / 2
    points = flat @ (yaw @ pitch @ roll).T
    return points[:, :2] / (1 + points[:, 2:3] / distance)


# --- the hall and the camera --------------------------------------------------------------------------------


def _hall(rng: Random, height: int) -> Light:
    """A wall with posters, signs, blinds, a checkered floor, lamps, and a person; light 0..1, supersampled."""
    high, wide = height * _SUPERSAMPLING, height * 16 // 9 * _SUPERSAMPLING
    scene = np.full((high, wide), float(rng.uniform(0.25, 0.55)), np.float32)
    scene += np.linspace(-0.05, 0.05, wide, dtype=np.float32)[None, :]

    def somewhere() -> tuple[int, int]:
        return int(rng.integers(0, wide)), int(rng.integers(0, high))

    for _ in range(int(rng.integers(4, 10))):
        (x, y), tone = somewhere(), float(rng.uniform(0.1, 0.8))
        far = (x + int(wide * rng.uniform(0.05, 0.2)), y + int(high * rng.uniform(0.05, 0.35)))
        cv2.rectangle(scene, (x, y), far, tone, -1 if rng.random() < 0.6 else 4 * _SUPERSAMPLING)
    x, y = somewhere()
    for row in range(int(rng.integers(0, 20))):
        top = y + row * high // 60
        cv2.rectangle(scene, (x, top), (x + wide // 7, top + high // 130), 0.85, -1)
    for _ in range(int(rng.integers(1, 4))):
        words = "".join(rng.choice(list("abcdefghij klmno pqrst"), 20))
        _write(scene, words, somewhere(), float(rng.uniform(1, 3)), float(rng.uniform(0.1, 0.9)))
    for _ in range(int(rng.integers(0, 4))):
        cv2.ellipse(scene, somewhere(), (wide // 40, high // 60), 0, 0, 360, 1.6, -1)
    middle = wide // 2 + int(wide * rng.uniform(-0.3, 0.3))
    cv2.ellipse(scene, (middle, high), (wide // 7, high // 2), 0, 0, 360, float(rng.uniform(0.15, 0.6)), -1)
    cv2.ellipse(
        scene,
        (middle, int(high * 0.42)),
        (wide // 24, high // 8),
        0,
        0,
        360,
        float(rng.uniform(0.3, 0.7)),
        -1,
    )
    return scene


def _degrade(rng: Random, kind: str, placed: tuple[Light, Light], module_px: float, height: int) -> Grey:
    """What the screen, the lens, the movement and the light do to the picture."""
    scene, mask = placed
    module = module_px * _SUPERSAMPLING
    flaws, hard = {kind}, kind != "mixed"
    if kind == "mixed":
        flaws = set(rng.choice(["defocus", "motion", "lowlight", "glare", "shade"], 2, replace=False))
    gain, noise = float(rng.uniform(0.7, 1.1)), 0.01
    if "moire" in flaws:
        scene = scene * (1 + mask * _moire(rng, scene.shape))
    if "defocus" in flaws:
        scene = _disc_blur(scene, module * float(rng.uniform(0.5, 1.0)) * (1.0 if hard else 0.6))
    if "motion" in flaws:
        length = module * float(rng.uniform(0.5, 1.0)) * (2.0 if hard else 1.1)
        scene = _motion_blur(scene, length, float(rng.uniform(0, np.pi)))
    if "glare" in flaws:
        scene = scene + _glare(rng, mask, height) * float(
            rng.uniform(0.9, 2.0) if hard else rng.uniform(0.3, 0.6)
        )
    if "overexposed" in flaws:
        halo = cv2.GaussianBlur(scene, (0, 0), module * 1.6)
        scene, gain = scene * float(rng.uniform(1.3, 2.0)) + halo * float(rng.uniform(0.4, 0.8)), 1.0
    if "lowlight" in flaws:
        gain, noise = float(rng.uniform(0.12, 0.35)), float(rng.uniform(0.012, 0.04))
    return _camera(scene * gain, rng, height, noise)


def _moire(rng: Random, shape: tuple[int, ...]) -> Light:
    """The stripes of a screen's pixels against the camera's, fine and coarse."""
    y, x = np.arange(shape[0], dtype=np.float32)[:, None], np.arange(shape[1], dtype=np.float32)[None, :]
    angle = float(rng.uniform(-0.15, 0.15))
    fine, coarse = rng.uniform(2.1, 3.3) * _SUPERSAMPLING, rng.uniform(9, 40) * _SUPERSAMPLING
    grid = np.sin(
        (x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))) * np.float32(2 * np.pi / fine)
    )
    bars = np.sin(
        (y * np.float32(np.cos(angle)) - x * np.float32(np.sin(angle))) * np.float32(2 * np.pi / coarse)
    )
    return np.float32(0.25) * grid + np.float32(0.2) * bars


def _glare(rng: Random, mask: Light, height: int) -> Light:
    """The soft reflection of a lamp on the card; drawn small, since it has no detail."""
    shrink = 8
    small = cv2.resize(mask, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    left, top, wide, high = cv2.boundingRect((small > 0.5).astype(np.uint8))
    centre = (left + int(wide * rng.uniform(0.25, 0.75)), top + int(high * rng.uniform(0.2, 0.7)))
    radius = _SUPERSAMPLING * height * float(rng.uniform(0.03, 0.09)) / shrink
    axes = (int(radius), max(1, int(radius * rng.uniform(0.4, 1.0))))
    spot = np.zeros_like(small)
    cv2.ellipse(spot, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(spot, (0, 0), max(1.0, radius * float(rng.uniform(0.3, 0.8))))
    return cv2.resize(soft, (mask.shape[1], mask.shape[0]), interpolation=cv2.INTER_CUBIC)


def _disc_blur(scene: Light, radius: float) -> Light:
    reach = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return cv2.filter2D(scene, -1, kernel / kernel.sum())


def _motion_blur(scene: Light, length: float, direction: float) -> Light:
    reach = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    for step in np.linspace(-length / 2, length / 2, 8 * reach):
        x, y = reach + step * np.cos(direction), reach + step * np.sin(direction)
        left, top = int(x), int(y)
        kernel[top : top + 2, left : left + 2] += np.outer([1 - y + top, y - top], [1 - x + left, x - left])
    return cv2.filter2D(scene, -1, kernel / kernel.sum())


def _camera(scene: Light, rng: Random, height: int, noise: float = 0.008) -> Grey:
    """Lens, sensor, sharpening and JPEG of a cheap webcam."""
    small = cv2.resize(scene, (height * 16 // 9, height), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 0.6)
    small = small + rng.standard_normal(small.shape, np.float32) * (
        noise + 0.01 * np.sqrt(np.clip(small, 0, 1))
    )
    light = np.clip(small, 0, 1) ** (1 / 1.6) * 255.0
    sharp = light + 0.4 * (light - cv2.GaussianBlur(light, (0, 0), 1.2))
    quality = int(rng.integers(65, 90))
    jpeg = cv2.imencode(".jpg", np.clip(sharp, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[
        1
    ]
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE), np.uint8)
