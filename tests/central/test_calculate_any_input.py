"""Whatever is typed after `calculate`: an answer, or one line and exit status 2; never a traceback."""

import io
from contextlib import redirect_stderr, redirect_stdout

from hypothesis import given, settings
from hypothesis import strategies as st

from central.calculate import main

TYPED = """
    0 0.01 0.03 1 12 360 99999999.99 1000000000000 -1 24 2.6 NaN 1e9 1850-01-01 2016-02-29 2200-12-31 2025-07-01
    2025-07-01:5 2025-07-01:-5 x:1 1:0 1850-01 2026-05 19:2.6 equal-principal equal-instalment shorten whole-year
    man yearly monthly male female act-360 unused-days on-balance 11010519491231002X 07
"""
WORDS = st.one_of(st.text(max_size=12), st.sampled_from(["", *TYPED.split()]))
LOAN = ("--principal", "--rate", "--months", "--method")
DATES = ("--first-due", "--due-day", "--disbursed", "--first-period")
INTEREST = ("--opening", "--from", "--to", "--entry", "--rate", "--method", "--withdrawal-order")
OPTIONS = {
    "schedule": (*LOAN, *DATES),
    "repricing": (*LOAN, *DATES, "--change", "--january"),
    "early-repayment": (*LOAN, "--after", "--days", "--interest", "--amount", "--mode"),
    "payoff": (*LOAN, "--after", "--days", "--interest"),
    "overdue": ("--principal", "--interest", "--rate", "--days", "--payment"),
    "offset": (*LOAN, "--after", "--kind", "--source", "--deposit", "--mode"),
    "loan-trial": (
        *(
            "--price",
            "--balance",
            "--months",
            "--home",
            "--method",
            "--income",
            "--existing",
            "--deposit-months",
        ),
        *("--retires", "--house-age-months", "--ground", "--rate", "--on"),
    ),
    "interest": INTEREST,
    "closure": (*INTEREST, "--born", "--sex", "--category"),
    "withdrawal": ("--reason", "--balance", "--amount", "--last", "--on", "--payoff"),
    "retirement": ("--born", "--category"),
    "id-number": ("--on",),
}
# What each option takes, so that many commands get past the reading and reach the rule.
FITTING = {
    "--principal": st.sampled_from(["0.01", "0.03", "7", "600000"]),
    "--rate": st.sampled_from(["0", "0.001", "2.6", "24", "100"]),
    "--months": st.sampled_from(["1", "2", "7", "360"]),
    "--method": st.sampled_from(["equal-principal", "equal-instalment", "whole-year"]),
    "--after": st.sampled_from(["0", "1", "6", "359"]),
    "--amount": st.sampled_from(["0.01", "0.02", "3", "100000"]),
    "--mode": st.sampled_from(["reduce", "shorten"]),
    "--from": st.sampled_from(["1850-01-01", "2015-07-01", "2016-02-29"]),
    "--to": st.sampled_from(["2016-02-29", "2026-07-01", "2200-12-31"]),
    "--born": st.sampled_from(["1850-01-01", "1966-01-31", "2200-12-31"]),
    "--first-due": st.sampled_from(["1850-01-31", "2024-02-29", "2200-12-31"]),
    "--retires": st.sampled_from(["1850-01", "2030-06", "2200-12"]),
}


@st.composite
def commands(draw: st.DrawFn) -> list[str]:
    question = draw(st.sampled_from(sorted(OPTIONS)))
    words = [question]
    for option in OPTIONS[question]:
        fitting = FITTING.get(option, WORDS)
        if option in FITTING or draw(st.booleans()):
            words += [option, draw(fitting if draw(st.integers(0, 9)) else WORDS)]
    return words + draw(st.lists(WORDS, max_size=1)) if question == "id-number" else words


@settings(derandomize=True, deadline=None, max_examples=400)
@given(commands())
def test_an_answer_or_one_line(command: list[str]) -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(command)
        except SystemExit as stop:
            status = int(stop.code or 0)
    if status == 0 and "-h" not in command:
        assert out.getvalue()
        assert err.getvalue() == ""
    else:
        assert status in (0, 2)
        assert err.getvalue().count("\n") == (1 if status else 0)
