"""What the centre is made of, put together once at the start and handed to everything."""

from dataclasses import dataclass, field
from datetime import date

from central.bank import Bank
from central.clock import Clock, SystemClock, day_of
from central.policy import Policy
from central.seal.keys import MemoryKeys
from central.seal.signer import KeyRing
from central.store.database import Database
from kiosk.contract.wire import Language

CENTRE_NAME: dict[Language, str] = {"zh": "住房公积金管理中心", "en": "Housing Provident Fund Centre"}


@dataclass(frozen=True)
class Centre:
    """The centre's database, clock, bank, policy and the keys that seal its papers. No global state besides."""

    database: Database
    bank: Bank
    policy: Policy
    clock: Clock = field(default_factory=SystemClock)
    seal_keys: KeyRing = field(default_factory=MemoryKeys)
    site_url: str = "http://127.0.0.1:8800"  # where phones find the web pages: scheme, host and port
    visits_per_minute: int | None = (
        None  # for each kiosk, so that a stolen one cannot try numbers; None: no limit
    )
    enrolments_per_minute: int | None = None  # for all, so that a code cannot be guessed
    demo: bool = False

    def now_ms(self) -> int:
        return self.clock.now_ms()

    def today(self) -> date:
        return day_of(self.clock.now_ms())
