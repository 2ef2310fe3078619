"""Which screen shows which prompt: one module a prompt, of the same name."""

from typing import Any

from kiosk import prompts
from screens.amount import AmountScreen
from screens.attract import AttractScreen
from screens.checklist import ChecklistScreen
from screens.choose import ChooseScreen
from screens.compare import CompareScreen
from screens.consent import ConsentScreen
from screens.digits import DigitsScreen
from screens.facts import FactsScreen
from screens.first_run import FirstRunScreen
from screens.guide import GuideScreen
from screens.menu import MenuScreen
from screens.out_of_service import OutOfServiceScreen
from screens.outcome import OutcomeScreen
from screens.period import PeriodScreen
from screens.present import PresentScreen
from screens.preview import PreviewScreen
from screens.screen import Screen
from screens.settings_error import SettingsErrorScreen
from screens.table import TableScreen
from screens.updating import UpdatingScreen
from screens.working import WorkingScreen

SCREENS: dict[type[prompts.Prompt[Any]], type[Screen[Any]]] = {
    prompts.Attract: AttractScreen,
    prompts.OutOfService: OutOfServiceScreen,
    prompts.SettingsError: SettingsErrorScreen,
    prompts.FirstRun: FirstRunScreen,
    prompts.Updating: UpdatingScreen,
    prompts.Menu: MenuScreen,
    prompts.Choose: ChooseScreen,
    prompts.Compare: CompareScreen,
    prompts.ChoosePeriod: PeriodScreen,
    prompts.EnterDigits: DigitsScreen,
    prompts.EnterAmount: AmountScreen,
    prompts.Facts: FactsScreen,
    prompts.Table: TableScreen,
    prompts.Checklist: ChecklistScreen,
    prompts.Consent: ConsentScreen,
    prompts.Guide: GuideScreen,
    prompts.Outcome: OutcomeScreen,
    prompts.Preview: PreviewScreen,
    prompts.Present: PresentScreen,
    prompts.Working: WorkingScreen,
}
