"""The one citizen of these tests: whatever of them is found afterwards has leaked."""

CANARY_NAME = "测试甲乙"
CANARY_ID = "210202196409201319"
CANARY_CARD = "6217000000000000004"
CANARY_PASSWORD = "975318"
