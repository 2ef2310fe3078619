# ruff: noqa: E501 (a text in two languages stands on one line)
"""Sample charts, one of every kind."""

from datetime import date

from kiosk import charts
from kiosk.contract.money import Fen
from screens.sample_words import said, yuan

INTEREST_LEFT = charts.Bars(
    said("今后要付的利息", "Interest from today on"),
    said("现在要付 150,310.12 元。减少月供少付 21,830.44 元，缩短年限少付 58,112.90 元。",
         "Now ¥150,310.12. Paying less each month saves ¥21,830.44; finishing sooner saves ¥58,112.90."),
    (
        charts.Bar(said("不提前还", "As it is now"), yuan("150,310.12"), 15031012, before=True),
        charts.Bar(said("减少月供", "Pay less each month"), yuan("128,479.68"), 12847968),
        charts.Bar(said("缩短年限", "Finish sooner"), yuan("92,197.22"), 9219722),
    ),
)  # fmt: skip
INSTALMENTS = charts.YearlySums(
    said("每年要付的本金和利息", "Principal and interest, year by year"),
    said("还有 210 期：本金 486,213.57 元，利息 150,310.12 元。2027 年的利息最多，12,411.80 元；以后逐年减少。",
         "210 payments left: ¥486,213.57 principal and ¥150,310.12 interest. Interest is highest in 2027, ¥12,411.80, and falls year by year."),
    tuple(range(2026, 2044)),
    (
        charts.Layer(said("本金", "Principal"), tuple(Fen(200_000 + 1_760_000 + n * 96_000) if n else Fen(390_000) for n in range(18))),
        charts.Layer(said("利息", "Interest"), tuple(Fen(1_241_180 - n * 68_000) if n else Fen(210_000) for n in range(18))),
    ),
)  # fmt: skip
COURSE = charts.BalanceCourse(
    said("余额变化", "How the balance moved"),
    said("从 2025年11月 的 61,902.33 元到 2026年11月 的 83,214.06 元。最高 88,206.06 元。",
         "From ¥61,902.33 in November 2025 to ¥83,214.06 in November 2026. The highest was ¥88,206.06."),
    tuple(date(2025 + (10 + n) // 12, (10 + n) % 12 + 1, 15) for n in range(12)),
    tuple(Fen(6_190_233 + n * 249_600 + (41_219 if n > 7 else 0) - (499_200 if n > 9 else 0)) for n in range(12)),
    date(2026, 11, 22),
)  # fmt: skip
