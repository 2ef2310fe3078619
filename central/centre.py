"""What the centre is made of, put together once at the start and handed to everything."""

from dataclasses import dataclass, field
from datetime import date

from central.bank import Bank
from central.clock import Clock, SystemClock, day_of
from central.policy import Policy
from central.sealer import NoSealer, Sealer
from central.store.database import Database
from kiosk.contract.models import Language

CENTRE_NAME: dict[Language, str] = {"zh": "住房公积金管理中心", "en": "Housing Provident Fund Centre"}


@dataclass(frozen=True)
class Centre:
    """The centre's database, clock, bank, policy and sealer. No global state besides."""

    database: Database
    bank: Bank
    policy: Policy
    clock: Clock = field(default_factory=SystemClock)
    sealer: Sealer = field(default_factory=NoSealer)
    site_url: str = "http://127.0.0.1:8800"  # where phones find the web pages: scheme, host and port
    demo: bool = False

    def now_ms(self) -> int:
        return self.clock.now_ms()

    def today(self) -> date:
        return day_of(self.clock.now_ms())
