"""Before the first visit: a kiosk that is not enrolled says so, and begins by itself once it is."""

import asyncio

from kiosk.enrolment import NotEnrolled, load_identity
from kiosk.heartbeat import product_version
from kiosk.prompts import Chrome, FirstRun
from kiosk.settings import Settings
from kiosk.stage import Preferences, Stage

LOOK_AGAIN_S = 2.0


async def until_enrolled(settings: Settings, stage: Stage, command: str) -> None:
    """Returns at once when the data folder has an identity; else shows the command that enrols, and waits for it."""
    shown = False
    while True:
        try:
            await asyncio.to_thread(load_identity, settings.data)
            return
        except NotEnrolled:
            pass
        if not shown:
            prompt = FirstRun(settings.kiosk.id, str(settings.centre.url), product_version(), command)
            stage.show(prompt, Chrome(), Preferences(language=settings.language), lambda answer: None)
            shown = True
        await asyncio.sleep(LOOK_AGAIN_S)
