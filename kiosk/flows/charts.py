"""What the centre's figures look like: each chart with the sentence that says the same. Nothing is calculated anew."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from kiosk.charts import BalanceCourse, Bar, Bars, Layer, YearlySums
from kiosk.contract.accounts import Entries
from kiosk.contract.loans import RepaymentQuote, Schedule
from kiosk.contract.money import Fen
from kiosk.messages import msg
from kiosk.values import Count, Day, Name, Yuan


def balance_course(entries: Entries) -> BalanceCourse | None:
    """The balance over the period of the entries; None when nothing was booked in it."""
    if not entries.entries:
        return None
    at: dict[date, Fen] = {entries.from_: entries.opening}
    for entry in sorted(entries.entries, key=lambda entry: (entry.on, entry.id)):
        at[entry.on] = entry.balance  # of a day's entries the last one stands
    amounts = tuple(at.values())
    says = msg(
        "chart.balance.says",
        first=Day(entries.from_),
        opening=Yuan(entries.opening),
        last=Day(entries.to),
        closing=Yuan(entries.closing),
        most=Yuan(max(amounts)),
        least=Yuan(min(amounts)),
    )
    return BalanceCourse(msg("chart.balance"), says, tuple(at), amounts, entries.to)


def instalments(schedule: Schedule) -> YearlySums | None:
    """What each year's instalments go to; None when none is left."""
    if not schedule.rows:
        return None
    principal: dict[int, int] = defaultdict(int)
    interest: dict[int, int] = defaultdict(int)
    for row in schedule.rows:
        principal[row.due.year] += row.principal
        interest[row.due.year] += row.interest
    years = tuple(sorted(principal))
    dearest = max(years, key=lambda year: interest[year])
    says = msg(
        "chart.instalments.says",
        months=Count(len(schedule.rows)),
        principal=Yuan(Fen(sum(principal.values()))),
        interest=Yuan(schedule.total_interest),
        year=Name(str(dearest), personal=False),
        most=Yuan(Fen(interest[dearest])),
    )
    layers = tuple(
        Layer(msg(f"chart.{name}"), tuple(Fen(sums[year]) for year in years))
        for name, sums in (("principal", principal), ("interest", interest))
    )
    return YearlySums(msg("chart.instalments"), says, years, layers)


def interest_before_and_after(schedule: Schedule, quotes: Sequence[RepaymentQuote]) -> Bars:
    """All interest from today on: as it is now, and for each way of repaying early (what is paid today included)."""
    now = schedule.total_interest
    after = {f"compare.{quote.mode}": Fen(now - quote.interest_saved) for quote in quotes}
    best = max(quotes, key=lambda quote: quote.interest_saved)
    says = msg(
        "chart.interest.says",
        now=Yuan(now),
        least=Yuan(Fen(now - best.interest_saved)),
        way=msg(f"compare.{best.mode}"),
    )
    bars = (
        Bar(msg("chart.interest.now"), Yuan(now), now, before=True),
        *(Bar(msg(key), Yuan(amount), amount) for key, amount in after.items()),
    )
    return Bars(msg("chart.interest.title"), says, bars)
