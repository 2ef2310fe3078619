"""What the terminal shows when nobody is being served: one ordered list, the first that holds wins."""

from dataclasses import dataclass
from typing import Any

from kiosk.health import Health
from kiosk.messages import Message, msg
from kiosk.prompts import Attract, Note, OutOfService, Prompt, SettingsError
from kiosk.services import Service, tile


@dataclass(frozen=True)
class Situation:
    """All that decides what stands on the screen between visits."""

    settings_errors: tuple[str, ...]
    supervisor: bool
    health: Health


OUT_OF_SERVICE_NUMBER = "900"


def between_visits(
    situation: Situation, services: tuple[Service, ...], window: Message
) -> Prompt[Any] | None:
    """Settings error > supervisor (None: they have the screen) > out of service > attract."""
    if situation.settings_errors:
        return SettingsError(situation.settings_errors)
    if situation.supervisor:
        return None
    if situation.health.stopped:
        return OutOfService(situation.health.stopped, window, OUT_OF_SERVICE_NUMBER)
    tiles = [tile(service, situation.health) for service in services]
    if not any(shown.enabled for shown in tiles):
        return OutOfService(msg("out-of-service.nothing-works"), window, OUT_OF_SERVICE_NUMBER)
    notices = tuple(Note("attention", reason) for reason in dict.fromkeys(t.reason for t in tiles) if reason)
    identifies = any(s.identified and shown.enabled for s, shown in zip(services, tiles, strict=True))
    return Attract(tuple(shown.name for shown in tiles if shown.enabled), notices, identifies)
