"""Made-up cards, one of each kind; the numbers are valid in form and belong to nobody."""

from hardware.id_card.interface import CardKind

SAMPLES: dict[CardKind, dict[str, str]] = {
    CardKind.RESIDENT: {
        "name": "测试甲", "sex": "2", "nation": "01", "birth": "19491231", "address": "测试市测试区测试路1号",
        "id_number": "11010519491231002X", "issuer": "测试市公安局", "valid_from": "20200101",
        "valid_until": "长期",
    },
    CardKind.HMT_PERMIT: {
        "name": "測試乙", "sex": "1", "birth": "19800229", "address": "测试市",
        "id_number": "810000198002290016", "issuer": "测试市公安局", "valid_from": "20240101",
        "valid_until": "20290101", "pass_number": "H00000000", "issue_count": "01",
    },
    CardKind.FOREIGNER_2017: {
        "name": "SAMPLE, TESTER C", "sex": "1", "id_number": "XYZ110080010101", "country": "XYZ",
        "chinese_name": "测试丙", "valid_from": "20200101", "valid_until": "20300101", "birth": "19800101",
        "version": "01", "authority": "1500",
    },
    CardKind.FOREIGNER_2023: {
        "chinese_name": "测试丁", "sex": "2", "renewals": "00", "birth": "19810101",
        "name": "SAMPLE, WITH A VERY LONG TESTER NAM", "name_rest": "E THAT RUNS",
        "id_number": "911999198101010018",
        "valid_from": "20240101", "valid_until": "20340101", "country": "XYZ", "old_number": "001",
    },
}  # fmt: skip
