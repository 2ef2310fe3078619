# ruff: noqa: E501 (a text in two languages stands on one line)
"""Sample prompts of every kind, with realistic figures and the awkward cases: for the gallery and the layout audit.

The people in them are plainly made up, as are their numbers.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from kiosk import prompts as p
from kiosk.contract.money import Fen
from kiosk.values import Bilingual, Count, Day, Digits, Month, Name, Percent, Yuan
from screens.sample_charts import COURSE, INSTALMENTS, INTEREST_LEFT
from screens.sample_words import row, said, yuan


@dataclass(frozen=True)
class Sample:
    """A prompt under a name, and what is touched or typed before it is looked at."""

    name: str
    prompt: p.Prompt[Any]
    keys: tuple[str, ...] = ()  # digits and key names
    touches: tuple[str, ...] = ()  # keys of controls
    outside: bool = False  # not within a visit


GREETING = said("王* 您好", "Welcome, 王*")
INSIDE = p.Chrome(back=True, finish=True, greeting=GREETING)
OUTSIDE = p.Chrome()

PRINT = p.Action("print", said("打印凭条", "Print slip"), icon="printer")
DONE = p.Action("done", said("完成", "Done"), "primary", icon="check")
NEXT = p.Action("next", said("继续", "Continue"), "primary", icon="arrow-right")
NO_PAPER = p.Action(
    "print",
    said("打印凭条", "Print slip"),
    icon="printer",
    reason=said("缺纸，已通知工作人员", "No paper; staff have been told"),
)

ATTRACT = p.Attract(
    services=(
        said("查询余额和明细", "Balance and entries"), said("提前还款", "Early repayment"), said("退休销户提取", "Close the account on retirement"),
        said("打印缴存明细", "Print a statement"), said("办事指南", "Business guides"), said("借款合同查询", "Loan contracts"),
        said("证明开具", "Certificates"), said("查询业务结果", "Look up a transaction"),
    ),
)  # fmt: skip
ATTRACT_NOTICE = p.Attract(
    ATTRACT.services,
    (
        p.Note(
            "attention",
            said("打印机缺纸，其他业务可以正常办理。", "The printer is out of paper; everything else works."),
        ),
    ),
)
OUT = p.OutOfService(
    said("读卡器没有应答。工作人员已收到通知。", "The card reader does not answer. Staff have been told."),
    said("请到大厅 3 号窗口办理，或使用入口左侧的另一台自助机。", "Please go to Window 3, or use the other kiosk to the left of the entrance."),
    "F-0412-0077",
)  # fmt: skip
SETTINGS = p.SettingsError((
    "config/kiosk.toml, panel.width_mm: -268 is not a length; write the lit width in millimetres, for example 268",
    "config/kiosk.toml, centre.url: missing; write the address of the centre's API, for example https://centre.example/v1",
    "KIOSK_DEVICES__RECEIPT_PRINTER__DRIVER: \"escpos-usb2\" is not known; one of escpos-tcp, escpos-usb, none",
))  # fmt: skip
FIRST_RUN = p.FirstRun(
    "kiosk-02", "https://centre.example/", "1.0.0", "runuser -u kiosk -- .venv/bin/python run_kiosk.py --settings /etc/kiosk/kiosk.toml --enrol CODE"
)  # fmt: skip
UPDATING = p.Updating("1.0.0", OUT.instead)


def tile(
    key: str,
    group: Any,
    icon: str,
    name: tuple[str, str],
    line: tuple[str, str],
    reason: tuple[str, str] | None = None,
) -> p.Tile:
    return p.Tile(key, group, icon, said(*name), said(*line), said(*reason) if reason else None)


TILES = (
    tile("balance", "look", "wallet", ("查询余额", "My balance"), ("余额、明细、缴存情况", "Balance, entries, deposits")),
    tile("loans", "look", "home-dollar", ("我的贷款", "My loans"), ("剩余本金和还款计划", "What is left, and the schedule")),
    tile("repay", "money", "cash-banknote", ("提前还款", "Early repayment"), ("还一部分或全部还清", "A part, or all of it")),
    tile("close", "money", "beach", ("退休销户", "Close on retirement"), ("结清账户，转到联名卡", "Everything, to your joint card"),
         ("联名卡读卡器故障，请到 3 号窗口", "The joint-card reader is out of order; please go to Window 3")),
    tile("statement", "print", "receipt", ("打印明细", "Print a statement"), ("选一段时间，当场打印", "Choose dates, print at once"),
         ("缺纸，已通知工作人员", "No paper; staff have been told")),
    tile("guides", "guides", "book", ("办事指南", "Business guides"), ("全部 46 项业务", "All 46 items")),
)  # fmt: skip
MENU = p.Menu(said("您要办什么？", "What would you like to do?"), TILES)
MENU_ALL = p.Menu(MENU.title, (
    *TILES,
    tile("papers", "print", "certificate", ("证明和补打", "Certificates and reprints"), ("缴存证明、结清证明、异地贷款", "Deposit, settlement, loan elsewhere")),
    tile("lookup", "guides", "search", ("查询业务结果", "Look up a transaction"), ("输入凭条上的业务编号", "With the number on your slip")),
))  # fmt: skip
MENU_OFFLINE = p.Menu(
    MENU.title,
    tuple(t if t.key == "guides" else tile(t.key, t.group, t.icon, (t.name.values[0][1].zh, t.name.values[0][1].en), ("", ""),  # type: ignore[union-attr]
          ("与中心的连接中断，请到 3 号窗口", "No connection to the centre; please go to Window 3")) for t in TILES),
    (p.Note("attention", said("与中心的连接中断，正在重试。办事指南仍可查看。", "The line to the centre is down; the kiosk keeps trying. Guides can still be read.")),),
)  # fmt: skip

LOAN_ROWS = (row("剩余本金", "Principal left", yuan("486,213.57"), True), row("每月还款", "Monthly instalment", yuan("3,046.25")),
             row("最后一期", "Last payment", Month("2043-05")))  # fmt: skip
CHOOSE = p.Choose(
    said("您要还哪一笔贷款？", "Which loan would you like to repay?"),
    (
        p.Option(said("示范路 1 号 贷款", "Loan for 1 Sample Road"), "A", said("合同尾号 0031", "Contract ending in 0031"), LOAN_ROWS, icon="home"),
        p.Option(said("示范路 2 号 贷款", "Loan for 2 Sample Road"), "B", said("合同尾号 0047", "Contract ending in 0047"), LOAN_ROWS, icon="home",
                 reason=said("有逾期未还，请先到 3 号窗口结清逾期", "There are arrears; please settle them at Window 3 first")),
    ),
    p.Step(1, 4),
)  # fmt: skip
CHOOSE_SHORT = p.Choose(
    said("还一部分，还是全部还清？", "Repay a part, or all of it?"),
    (
        p.Option(said("还一部分", "A part"), "part", said("以后每月少还一些，或早些还清", "Then pay less each month, or finish sooner"), icon="coin"),
        p.Option(said("全部还清", "All of it"), "all", said("今天结清，不再还款", "Settle today and be done"), icon="coins"),
    ),
    p.Step(2, 4), said("从您的公积金账户余额中支付。", "It is paid from your housing fund balance."),
    p.Note("plain", said("账户余额 83,214.06 元。", "Your balance is ¥83,214.06.")),
)  # fmt: skip
CATEGORIES = p.Choose(
    said("哪一类业务？", "Which kind of business?"),
    tuple(
        p.Option(said(zh, en), zh, said(f"{n} 项", f"{n} items"), icon=icon)
        for zh, en, n, icon in (
            ("提取", "Withdrawals", 17, "cash"), ("缴存", "Deposits", 9, "pig-money"), ("转移", "Transfers", 4, "transfer"),
            ("贷款", "Loans", 8, "home-dollar"), ("信息查询", "Information", 5, "search"), ("单位业务", "For employers", 3, "building"),
            ("灵活就业", "Flexible employment", 2, "briefcase"), ("异地业务", "From other cities", 6, "map-pin"),
            ("证明开具", "Certificates", 5, "certificate"), ("账户管理", "Account care", 7, "user"),
        )
    ),
)  # fmt: skip
COMPARE_ROWS = (
    (row("新的月供", "New instalment", yuan("2,419.77"), True), row("最后一期", "Last payment", Month("2043-05")),
     row("少付利息", "Interest saved", yuan("21,830.44"), True), row("剩余期数", "Payments left", Count(210))),
    (row("新的月供", "New instalment", yuan("3,046.25"), True), row("最后一期", "Last payment", Month("2038-02")),
     row("少付利息", "Interest saved", yuan("58,112.90"), True), row("剩余期数", "Payments left", Count(147))),
)  # fmt: skip
COMPARE = p.Compare(
    said("还款之后怎么安排？", "What should change afterwards?"),
    (
        p.Option(said("减少月供", "Pay less each month"), "reduce", rows=COMPARE_ROWS[0]),
        p.Option(said("缩短年限", "Finish sooner"), "shorten", rows=COMPARE_ROWS[1], badge=said("利息更少", "Less interest")),
    ),
    p.Step(3, 4), said("今天还 100,000.00 元。", "You repay ¥100,000.00 today."), INTEREST_LEFT,
)  # fmt: skip
PERIOD = p.ChoosePeriod(
    said("打印哪一段时间？", "Which dates should be printed?"),
    (
        (said("最近三个月", "Last three months"), p.Period(date(2026, 8, 23), date(2026, 11, 22))),
        (said("今年", "This year"), p.Period(date(2026, 1, 1), date(2026, 11, 22))),
        (said("去年", "Last year"), p.Period(date(2025, 1, 1), date(2025, 12, 31))),
        (said("最近三年", "Last three years"), p.Period(date(2023, 11, 23), date(2026, 11, 22))),
    ),
    date(2009, 3, 1), date(2026, 11, 22), p.Step(1, 2),
)  # fmt: skip
PASSWORD = p.EnterDigits(
    said("请输入查询密码", "Enter your query password"),
    6,
    True,
    explain=said("六位数字。输入时请用手遮挡。", "Six digits. Cover the keys with your hand."),
    step=p.Step(2, 2),
)
PASSWORD_WRONG = p.EnterDigits(
    PASSWORD.title,
    6,
    True,
    note=p.Note(
        "attention",
        said("密码不对，还可以再试 2 次。", "That password is not right. You can try 2 more times."),
    ),
)
CARD_NUMBER = p.EnterDigits(
    said("请输入业务编号", "Enter your reference number"),
    16,
    group=4,
    explain=said("编号印在凭条上方。", "It is printed at the top of your slip."),
)
AMOUNT = p.EnterAmount(
    said("这次还多少？", "How much would you like to repay?"), Fen(1_000_000), Fen(8_321_406), Fen(1),
    ((said("1 万元", "¥10,000"), Fen(1_000_000)), (said("5 万元", "¥50,000"), Fen(5_000_000)), (said("全部余额", "Whole balance"), Fen(8_321_406))),
    said("可还 10,000.00 元至 83,214.06 元。", "Between ¥10,000.00 and ¥83,214.06."), step=p.Step(2, 4),
)  # fmt: skip
BALANCE = p.Facts(
    said("公积金账户", "Your housing fund account"),
    p.Figure(said("账户余额", "Balance"), yuan("83,214.06"), said("截至 2026年11月22日", "As of 22 Nov 2026")),
    (
        row("账户状态", "Status", Bilingual("正常", "Active")), row("上年结转", "Carried over", yuan("61,902.33")),
        row("本年发生", "This year", yuan("21,311.73")), row("已计利息", "Interest so far", yuan("412.19")),
        row("缴存基数", "Deposit base", yuan("10,400.00")), row("月缴存额", "Monthly deposit", yuan("2,496.00"), True),
        row("缴存单位", "Employer", Name("样例机械制造有限公司")), row("个人账号", "Account", Digits("**********1319")),
    ),
    actions=(p.Action("entries", said("查看明细", "See entries"), icon="list"), PRINT, DONE),
)  # fmt: skip
BALANCE_HUGE = p.Facts(
    BALANCE.title, p.Figure(said("账户余额", "Balance"), yuan("99,999,999.99")),
    (
        row("账户状态", "Status", Bilingual("封存（单位申请）", "Sealed at the employer's request")),
        row("姓名", "Name", Name("䶮𬭚𠮷")), row("姓名", "Name", Name("阿卜杜热合曼·艾尼瓦尔江·买买提依明")),
        row("缴存单位", "Employer", Name("样例省样例市样例区样例街道社区卫生服务中心（样例镇卫生院）第二门诊部")),
        row("罕见字", "Rare character", Name("王\U0002ebf0")), row("本年发生", "This year", yuan("-12,345,678.90")),
    ),
    notes=(p.Note("attention", said("账户已封存。启封请由单位办理，或到 3 号窗口咨询。", "The account is sealed. Your employer can reopen it, or ask at Window 3.")),),
    actions=(NO_PAPER, DONE),
)  # fmt: skip
LOAN = p.Facts(
    said("公积金贷款", "Housing fund loan"),
    p.Figure(said("剩余本金", "Principal left"), yuan("486,213.57"), said("合同尾号 0031", "Contract ending in 0031")),
    (row("每月还款", "Monthly instalment", yuan("3,046.25"), True), row("剩余期数", "Payments left", Count(210)),
     row("贷款利率", "Rate", Percent("2.6")), row("最后一期", "Last payment", Month("2043-05"))),
    actions=(p.Action("schedule", said("还款计划", "Schedule"), icon="list"), p.Action("repay", said("提前还款", "Repay early"), "primary", icon="loan")),
    chart=INSTALMENTS,
)  # fmt: skip
CONFIRM = p.Facts(
    said("请核对，确认后立即扣款", "Check this; the money moves at once"),
    p.Figure(said("今天还款", "You repay today"), yuan("50,000.00")),
    (row("从公积金账户支付", "Paid from your balance", yuan("50,000.00")), row("还款后本金", "Principal afterwards", yuan("436,213.57")),
     row("每月还款", "Monthly instalment", yuan("2,733.00"), True), row("最后一期", "Last payment", Month("2043-05")),
     row("贷款利率", "Rate", Percent("2.6"))),
    actions=(p.Action("confirm", said("确认还款", "Repay now"), "money", icon="check"),), step=p.Step(4, 4),
)  # fmt: skip


def _entries(count: int) -> tuple[tuple[Any, ...], ...]:
    kinds = (
        Bilingual("汇缴", "Deposit"),
        Bilingual("结息", "Interest"),
        Bilingual("还贷提取", "Withdrawal for the loan"),
    )
    found, balance = [], 6190233
    for n in range(count):
        amount = 249600 if n % 5 else (-304625 if n % 2 else 41219)
        balance += amount
        found.append(
            (
                Day(date(2026 - n // 12, 12 - n % 12, 15)),
                kinds[0 if n % 5 else (2 if n % 2 else 1)],
                Yuan(Fen(amount), True),
                Yuan(Fen(balance)),
            )
        )
    return tuple(found)


TABLE = p.Table(
    said("账户明细", "Account entries"),
    (p.Column(said("日期", "Date")), p.Column(said("业务", "Entry")), p.Column(said("金额（元）", "Amount ¥"), True), p.Column(said("余额（元）", "Balance ¥"), True)),
    _entries(38),
    (row("期初余额", "Opening", yuan("61,902.33")), row("本期发生", "Change", yuan("21,311.73")), row("期末余额", "Closing", yuan("83,214.06"), True)),
    (p.Action("period", said("换时间段", "Other dates"), icon="calendar"), PRINT, DONE),
)  # fmt: skip
TABLE_CHART = p.Table(
    TABLE.title, TABLE.columns, _entries(26), TABLE.summary, TABLE.actions, chart=COURSE,
)  # fmt: skip
TABLE_EMPTY = p.Table(
    TABLE.title,
    TABLE.columns,
    (),
    TABLE.summary,
    TABLE.actions,
    said("这段时间没有发生额。", "Nothing was booked in this period."),
)
CHECK_OK = p.Checklist(
    said("可以办理退休销户", "You can close your account"),
    (
        p.CheckItem(said("已到退休年龄", "You have reached retirement age"), True, said("您于 2026年3月 达到法定退休年龄。", "You reached it in March 2026."), said("依据：国务院关于渐进式延迟法定退休年龄的办法", "Source: State Council measures on the gradual delay of retirement")),
        p.CheckItem(said("没有未还清的公积金贷款", "No housing fund loan is open"), True),
        p.CheckItem(said("账户没有被冻结", "The account is not frozen"), True),
        p.CheckItem(said("联名卡可以收款", "Your joint card can receive money"), True, said("卡号尾号 0031", "Card ending in 0031")),
    ),
    actions=(NEXT,), step=p.Step(1, 4),
)  # fmt: skip
CHECK_NO = p.Checklist(
    said("现在还不能办理", "This cannot be done yet"),
    (
        p.CheckItem(said("已到退休年龄", "You have reached retirement age"), False, said("您将于 2031年9月 达到法定退休年龄，届时可以办理。提前退休的，请带批准文件到 3 号窗口。", "You reach it in September 2031 and can come back then. If you retire early, bring the approval to Window 3."), said("依据：国务院关于渐进式延迟法定退休年龄的办法", "Source: State Council measures on the gradual delay of retirement")),
        p.CheckItem(said("没有未还清的公积金贷款", "No housing fund loan is open"), False, said("还有本金 486,213.57 元。可以先办理提前还款。", "¥486,213.57 is still owed. You can repay it early first.")),
        p.CheckItem(said("账户没有被冻结", "The account is not frozen"), True),
    ),
    p.Note("refusal", said("有 2 项不符合。下面写明了怎么办。", "2 points are not met. Each says what you can do.")),
    (p.Action("repay", said("去提前还款", "Repay early"), icon="cash-banknote"), p.Action("done", said("回到菜单", "Back to the menu"), "primary", icon="home")),
)  # fmt: skip
CONSENT = p.Consent(
    said("请阅读并同意", "Please read and agree"),
    (
        said("销户后，您的公积金账户将注销，不能恢复。", "Your housing fund account will be closed and cannot be reopened."),
        said("账户全部余额和利息转入您尾号 0031 的联名卡，一般两个工作日内到账。", "The whole balance and its interest go to your joint card ending in 0031, usually within two working days."),
        said("如今后重新就业，由新单位为您另开账户。", "If you work again, your new employer opens another account for you."),
        said("您确认提供的信息真实；不实提取须全额退回，并记入信用记录。", "You confirm that what you have stated is true. Money drawn on false statements must be returned, and is put on record."),
    ),
    said("同意并继续", "Agree and continue"), p.Step(3, 4),
)  # fmt: skip
GUIDE = p.Guide(
    Bilingual("退休提取住房公积金", "Withdrawal on retirement"), Bilingual("达到法定退休年龄的职工，可以一次提取全部余额并销户。", "Employees who reach retirement age can withdraw everything and close the account."),
    (
        p.GuideSection(said("谁可以办", "Who can apply"), (Bilingual("达到法定退休年龄的缴存职工", "Employees who have reached retirement age"), Bilingual("已批准提前退休的职工", "Employees whose early retirement is approved")), icon="user"),
        p.GuideSection(said("需要什么", "What to bring"), (Bilingual("本人身份证", "Your ID card"), Bilingual("联名卡（收款用）", "Your joint card, to receive the money"), Bilingual("提前退休的：批准文件", "If you retire early: the approval")), icon="files"),
        p.GuideSection(said("不用带", "Not needed"), (Bilingual("户口簿：中心可以查到", "Household register: the centre can see it"), Bilingual("贷款结清证明：中心可以查到", "Proof that loans are settled: the centre can see it")), icon="check"),
        p.GuideSection(said("怎么办", "Steps"), (Bilingual("在本机刷身份证，输入查询密码", "Put your ID card on this kiosk and enter your query password"), Bilingual("核对条件和金额", "Check the conditions and the amount"), Bilingual("同意并确认，打印回执", "Agree, confirm, and print the receipt")), True, "list-check"),
        p.GuideSection(said("多久到账", "How long it takes"), (Bilingual("当场办结，一般两个工作日内到账", "Done at once; the money usually arrives within two working days"),), icon="clock"),
        p.GuideSection(said("依据", "Legal basis"), (Bilingual("《住房公积金管理条例》第二十四条", "Regulations on the Administration of Housing Provident Funds, Article 24"), Bilingual("《国务院关于渐进式延迟法定退休年龄的办法》", "State Council measures on the gradual delay of the statutory retirement age")), icon="gavel"),
    ),
    "http://127.0.0.1:8000/guide/W05?lang=zh",
    (PRINT, p.Action("start", said("现在办理", "Start now"), "primary", icon="arrow-right")),
)  # fmt: skip
OUTCOME = p.Outcome(
    p.OutcomeKind.DONE, said("还款成功", "Repaid"), p.Figure(said("已还款", "Repaid today"), yuan("50,000.00")),
    (row("还款后本金", "Principal now", yuan("436,213.57")), row("下月还款", "Next instalment", yuan("2,733.00"), True)),
    (said("凭条请妥善保管。", "Please keep your slip."),), "20261122-0000-8F3K", said("业务编号", "Reference number"), (PRINT, DONE),
)  # fmt: skip
PENDING = p.Outcome(
    p.OutcomeKind.PENDING, said("正在处理，请不要重复办理", "Being processed: please do not repeat it"), None, (),
    (said("中心还没有答复。您的还款要么完整办成，要么完全没有发生，不会重复扣款。", "The centre has not answered yet. Your repayment will either be done in full or not at all; nothing is taken twice."),
     said("可在任何一台自助机上用下面的编号查询结果。", "Look the result up on any kiosk with this number.")),
    "20261122-0000-8F3K", said("业务编号", "Reference number"), (PRINT, DONE),
)  # fmt: skip
REFUSED = p.Outcome(
    p.OutcomeKind.REFUSED, said("没有办成，没有扣款", "Not done; nothing was taken"), None, (),
    (said("账户今天上午被法院冻结，余额不能用于还款。", "A court froze the account this morning, so the balance cannot be used."),
     said("请携带身份证到 3 号窗口咨询。", "Please take your ID card to Window 3.")),
    "R-2041", said("编号", "Number"), (DONE,),
)  # fmt: skip
TROUBLE = p.Outcome(
    p.OutcomeKind.TROUBLE, said("凭条没有打印出来", "The slip could not be printed"), None, (),
    (said("业务已经办成，只是打印机卡纸。工作人员已收到通知。", "Your business is done; only the printer is jammed. Staff have been told."),
     said("补打请到 3 号窗口，报编号即可。", "Window 3 can print it for you with this number.")),
    "20261122-0000-8F3K", None, (NO_PAPER, DONE),
)  # fmt: skip


@cache
def _paper(number: int) -> bytes:
    """A slip that looks like paper: grey lines stand for text."""
    image = Image.new("L", (420, 594), 255)
    draw = ImageDraw.Draw(image)
    for n in range(22):
        draw.rectangle((40, 60 + n * 22, 40 + (300 if (n * 7 + number) % 3 else 180), 68 + n * 22), fill=90)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


PREVIEW = p.Preview(said("打印之前看一看", "Before it is printed"), (_paper(0), _paper(1), _paper(2)),
                    (p.Action("print", said("打印 3 页", "Print 3 pages"), "primary", icon="printer"),))  # fmt: skip


def present(
    hand: p.Hand, title: tuple[str, str], explain: tuple[str, str], note: p.Note | None = None
) -> p.Present:
    return p.Present(
        hand, said(*title), said(*explain), note, p.Step(1, 2) if not hand.startswith("take") else None
    )


PRESENTS: dict[str, p.Present] = {
    "id_card": present("id_card", ("请把身份证放在感应区", "Put your ID card on the reader"), ("平放，不要移动，直到屏幕出现您的姓。", "Lay it flat and leave it until your surname appears.")),
    "id_card_again": present("id_card", ("请再放一次身份证", "Put your ID card on the reader again"), ("平放，不要移动，直到屏幕出现您的姓。", "Lay it flat and leave it until your surname appears."),
                             p.Note("attention", said("卡拿走得太早，没有读完。", "The card was taken away before it was read."))),
    "joint_card": present("joint_card", ("请插入联名卡", "Insert your joint card"), ("芯片朝上，插到底。", "Chip side up, all the way in.")),
    "phone_code": present("phone_code", ("请把手机上的码对准摄像头", "Hold the code on your phone to the camera"), ("距离约一掌宽，屏幕调亮一些。", "About a hand's width away, with the screen bright.")),
    "guide_code": present("guide_code", ("请把指南上的码对准摄像头", "Hold the guide's code to the camera"), ("距离约一掌宽。", "About a hand's width away.")),
    "take_card": present("take_card", ("请取走您的卡", "Please take your card"), ("别忘了带走。", "Do not leave it behind.")),
    "take_paper": present("take_paper", ("请取走凭条", "Please take your slip"), ("上面有您的个人信息。", "It carries your personal details.")),
}  # fmt: skip
WORKING = p.Working(
    said("正在查询您的账户", "Looking up your account"), said("请稍候。", "One moment, please.")
)

SAMPLES: tuple[Sample, ...] = (
    Sample("attract", ATTRACT, outside=True),
    Sample("attract-notice", ATTRACT_NOTICE, outside=True),
    Sample("out-of-service", OUT, outside=True),
    Sample("settings-error", SETTINGS, outside=True),
    Sample("first-run", FIRST_RUN, outside=True),
    Sample("updating", UPDATING, outside=True),
    Sample("menu", MENU),
    Sample("menu-all", MENU_ALL),
    Sample("menu-offline", MENU_OFFLINE),
    Sample("choose-loan", CHOOSE),
    Sample("choose-short", CHOOSE_SHORT),
    Sample("choose-many", CATEGORIES),
    Sample("compare", COMPARE),
    Sample("period", PERIOD),
    Sample("period-own", PERIOD, touches=("own-days",)),
    Sample("password", PASSWORD, keys=("1", "2", "3")),
    Sample("password-wrong", PASSWORD_WRONG),
    Sample("digits-grouped", CARD_NUMBER, keys=tuple("202611220")),
    Sample("amount-empty", AMOUNT),
    Sample("amount", AMOUNT, keys=tuple("50000.00")),
    Sample("amount-high", AMOUNT, keys=tuple("99999999")),
    Sample("facts", BALANCE),
    Sample("facts-huge", BALANCE_HUGE),
    Sample("facts-confirm", CONFIRM),
    Sample("loan", LOAN),
    Sample("table", TABLE),
    Sample("table-page-2", TABLE, touches=("page-after",)),
    Sample("table-chart", TABLE_CHART),
    Sample("table-chart-page-2", TABLE_CHART, touches=("page-after",)),
    Sample("table-empty", TABLE_EMPTY),
    Sample("checklist", CHECK_OK),
    Sample("checklist-refused", CHECK_NO),
    Sample("consent", CONSENT),
    Sample("guide", GUIDE),
    Sample("outcome-done", OUTCOME),
    Sample("outcome-pending", PENDING),
    Sample("outcome-refused", REFUSED),
    Sample("outcome-trouble", TROUBLE),
    Sample("preview", PREVIEW),
    *(Sample(f"present-{name}".replace("_", "-"), prompt) for name, prompt in PRESENTS.items()),
    Sample("working", WORKING),
    Sample("help", MENU, touches=("help",)),
)
