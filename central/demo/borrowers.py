"""Demonstration citizens with loans in every state."""

from datetime import date

from central.demo.spec import AccountSpec, Citizen, LoanSpec, card_number, id_number, yuan


def borrowers() -> tuple[Citizen, ...]:
    return (
        Citizen(
            "two-loans",
            "测试午",
            id_number(date(1984, 1, 24), 127),
            card_number(20),
            "两笔贷款：等额本息和等额本金",
            "Two loans: one in equal instalments, one in equal principal",
            account=AccountSpec(opening=yuan(150_000)),
            loans=(
                LoanSpec(yuan(500_000), 240, due=30),
                LoanSpec(
                    yuan(300_000), 240, due=36, method="equal-principal", second_home=True, due_in_days=19
                ),
            ),
        ),
        Citizen(
            "equal-principal",
            "测试未",
            id_number(date(1982, 2, 2), 128),
            card_number(21),
            "等额本金贷款，月供逐月递减",
            "A loan in equal principal: every instalment a little less",
            category="woman-55",
            account=AccountSpec(opening=yuan(120_000)),
            loans=(LoanSpec(yuan(300_000), 240, due=36, method="equal-principal"),),
        ),
        Citizen(
            "arrears",
            "测试申",
            id_number(date(1980, 8, 18), 129),
            card_number(22),
            "贷款逾期两期：提前还款被拒绝，显示罚息",
            "Two instalments overdue: no early repayment; penalty shown",
            loans=(LoanSpec(yuan(400_000), 240, due=20, missed=2),),
        ),
        Citizen(
            "pays-off",
            "测试酉",
            id_number(date(1978, 3, 28), 131),
            card_number(23),
            "余额足够结清全部贷款",
            "Enough on the account to pay the loan off",
            account=AccountSpec(opening=yuan(180_000)),
            loans=(LoanSpec(yuan(160_000), 120, due=60),),
        ),
        Citizen(
            "settled",
            "测试戌",
            id_number(date(1976, 5, 5), 133),
            card_number(24),
            "贷款已结清：可打印结清证明",
            "Loan settled: a certificate may be printed",
            account=AccountSpec(opening=yuan(260_000)),
            loans=(LoanSpec(yuan(200_000), 120, due=58, settled_months_ago=2),),
        ),
        Citizen(
            "poor",
            "测试亥",
            id_number(date(1993, 3, 13), 135),
            card_number(25),
            "余额不足一期月供，无法提前还款",
            "Less than one instalment on the account: nothing can be repaid early",
            account=AccountSpec(opening=yuan(500), months=3, base=yuan(2_500), rate=5),
            loans=(LoanSpec(yuan(500_000), 360, due=5),),
        ),
        Citizen(
            "due-soon",
            "测试天",
            id_number(date(1990, 9, 30), 137),
            card_number(26),
            "两天后就是还款日",
            "The next instalment is due in two days",
            account=AccountSpec(opening=yuan(90_000)),
            loans=(LoanSpec(yuan(350_000), 240, due=18, due_in_days=2),),
        ),
        Citizen(
            "first-unpaid",
            "测试地",
            id_number(date(1994, 4, 4), 139),
            card_number(27),
            "新放贷款，第一期尚未偿还，不能提前还款",
            "A new loan: too early before the first instalment",
            account=AccountSpec(opening=yuan(80_000)),
            loans=(LoanSpec(yuan(450_000), 300, due=0, due_in_days=15),),
        ),
        Citizen(
            "repaid",
            "测试玄",
            id_number(date(1987, 7, 17), 141),
            card_number(28),
            "本月已提前还款一次",
            "Repaid early once this month already",
            account=AccountSpec(opening=yuan(110_000)),
            loans=(LoanSpec(yuan(380_000), 240, due=24, repaid_early=yuan(30_000)),),
        ),
        Citizen(
            "last-one",
            "测试黄",
            id_number(date(1975, 1, 1), 143),
            card_number(29),
            "只剩最后一期，只能全部结清",
            "One instalment left: the loan can only be paid off",
            account=AccountSpec(opening=yuan(60_000)),
            loans=(LoanSpec(yuan(60_000), 36, due=35),),
        ),
    )
