"""Demonstration citizens around retirement, and the ways in which a payout can go."""

from central.bank import Behaviour
from central.demo.spec import AccountSpec, Citizen, LoanSpec, born_to_retire, card_number, id_number, yuan
from central.rules.months import YearMonth
from central.rules.retirement import Category


def retiring(month: YearMonth) -> tuple[Citizen, ...]:
    def man(sequence: int, when: YearMonth) -> str:
        return id_number(born_to_retire(Category.MAN, when), sequence)

    def woman(sequence: int, category: Category, when: YearMonth) -> str:
        return id_number(born_to_retire(category, when), sequence)

    return (
        Citizen(
            "retires-now",
            "测试宇",
            man(151, month.plus(-1)),
            card_number(30),
            "男，已到法定退休年龄：可销户提取",
            "A man at the statutory age: may close the account",
            born_moves=True,
            account=AccountSpec(state="02", sealed_months_ago=1, opening=yuan(70_000)),
        ),
        Citizen(
            "retires-this-month",
            "测试宙",
            man(153, month),
            card_number(31),
            "男，本月（或下一批）到达退休年龄",
            "A man who reaches the age this month",
            born_moves=True,
        ),
        Citizen(
            "retires-next-month",
            "测试洪",
            man(155, month.plus(2)),
            card_number(32),
            "男，两个月后到龄：暂不能销户，显示可办月份",
            "A man two months too young: refused, with the month",
            born_moves=True,
        ),
        Citizen(
            "woman-50",
            "测试荒",
            woman(152, Category.WOMAN_50, month.plus(-1)),
            card_number(33),
            "女，按 50 岁档已到龄",
            "A woman in a post that retires from 50: at the age",
            category="woman-50",
            born_moves=True,
        ),
        Citizen(
            "woman-55",
            "测试日",
            woman(154, Category.WOMAN_55, month.plus(-1)),
            card_number(34),
            "女，按 55 岁档已到龄",
            "A woman in a post that retires from 55: at the age",
            category="woman-55",
            born_moves=True,
        ),
        Citizen(
            "woman-unknown",
            "测试月",
            woman(156, Category.WOMAN_50, month.plus(-6)),
            card_number(35),
            "女，岗位类别未登记：须到柜台核实",
            "A woman whose post nobody has confirmed: the counter decides",
            category="unknown",
            born_moves=True,
        ),
        Citizen(
            "retired-early",
            "测试盈",
            man(157, month.plus(20)),
            card_number(36),
            "社保已批准弹性提前退休：以社保记录为准",
            "Retired early with social insurance's approval: its record counts",
            born_moves=True,
            retired_months_ago=2,
        ),
        Citizen(
            "retired-with-loan",
            "测试昃",
            man(159, month.plus(-3)),
            card_number(37),
            "已到龄但贷款未结清：先结清再销户",
            "At the age, but with a loan to repay first",
            born_moves=True,
            account=AccountSpec(opening=yuan(100_000)),
            loans=(LoanSpec(yuan(90_000), 60, due=50),),
        ),
        Citizen(
            "retired-no-card",
            "测试辰二",
            man(161, month.plus(-3)),
            card_number(38),
            "已到龄但没有收款卡",
            "At the age, but no card to pay out to",
            born_moves=True,
            account=AccountSpec(payout_card=False),
        ),
        Citizen(
            "retired-frozen",
            "测试宿",
            man(163, month.plus(-3)),
            card_number(39),
            "已到龄但账户冻结",
            "At the age, but frozen",
            born_moves=True,
            account=AccountSpec(state="06", freeze="2"),
        ),
    )


def payouts(month: YearMonth) -> tuple[Citizen, ...]:
    def ready(key: str, name: str, index: int, zh: str, en: str, bank: Behaviour) -> Citizen:
        return Citizen(
            key,
            name,
            id_number(born_to_retire(Category.MAN, month.plus(-4)), 165 + 2 * (index - 40)),
            card_number(index),
            zh,
            en,
            born_moves=True,
            account=AccountSpec(state="02", sealed_months_ago=2, opening=yuan(55_000)),
            bank=bank,
        )

    return (
        ready(
            "bank-late",
            "测试列",
            40,
            "销户：银行约二十秒后才确认",
            "Closure: the bank takes its time",
            Behaviour.LATE,
        ),
        ready(
            "bank-refuses",
            "测试张",
            41,
            "销户：银行拒绝付款，账户恢复",
            "Closure: the bank refuses; all is taken back",
            Behaviour.REFUSE,
        ),
        ready(
            "bank-silent",
            "测试寒",
            42,
            "销户：银行已付款但回执丢失",
            "Closure: the bank paid, its answer is lost",
            Behaviour.SILENT,
        ),
        ready(
            "bank-never",
            "测试来",
            43,
            "销户：第一次付款指令丢失",
            "Closure: the order never arrives the first time",
            Behaviour.NEVER,
        ),
        ready(
            "bank-twice",
            "测试暑",
            44,
            "销户：银行重复回执",
            "Closure: the bank answers twice",
            Behaviour.TWICE,
        ),
    )
