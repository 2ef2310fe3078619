"""How often somebody may try: a bucket of tries for each name, filled again minute by minute."""

import math
import threading

from central.refusals import Refused
from kiosk.contract.problems import Problem

MINUTE_MS = 60_000
FORGET_ABOVE = 10_000
"""Names kept at most; beyond, those whose buckets are full again are forgotten."""


class RateLimit:
    """`per_minute` tries for each name, saved up to one minute's worth; None does not limit."""

    def __init__(self, per_minute: int | None) -> None:
        self._per_minute = per_minute
        self._buckets: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def check(self, name: str, now_ms: int) -> None:
        """Raises Refused RATE_LIMITED with the seconds until the next try."""
        if self._per_minute is None:
            return
        with self._lock:
            since_ms, left = self._buckets.get(name, (now_ms, float(self._per_minute)))
            left = min(left + (now_ms - since_ms) * self._per_minute / MINUTE_MS, float(self._per_minute))
            if left < 1:
                self._buckets[name] = (now_ms, left)
                wait_s = (1 - left) * MINUTE_MS / self._per_minute / 1000
                raise Refused(Problem.RATE_LIMITED, retry_after_s=math.ceil(wait_s))
            self._buckets[name] = (now_ms, left - 1)
            if len(self._buckets) > FORGET_ABOVE:
                self._buckets = {
                    known: bucket for known, bucket in self._buckets.items() if now_ms - bucket[0] < MINUTE_MS
                }
