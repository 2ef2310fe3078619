"""Who is standing there: credentials, the password and its five tries, and the token that only one kiosk can use."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from central.clock import instant
from central.kiosks import new_enrolment_code
from central.passwords import MAX_WRONG_TRIES
from central.store.database import Database
from central.visits import PHONE_CODE_MS, UNVERIFIED_MS, VERIFIED_MS, new_phone_code, unlock
from tests.central.kit import BY_KEY, Kiosk, make_centre, problem, served


def opened(kiosk: Kiosk, credential: dict) -> object:
    kiosk.token = None
    return kiosk.call("POST", "/v1/visits", {"credential": credential})


def test_an_id_card_opens_a_visit_that_shows_little_and_proves_nothing_yet(kiosk, clock):
    citizen = BY_KEY["jia"]
    answer = kiosk.identify(citizen).json()
    assert answer["verified"] is False
    assert answer["name_masked"] == "测*"
    assert answer["id_number_masked"] == f"2102**********{citizen.id_number[-4:]}"
    assert answer["tries_left"] == MAX_WRONG_TRIES
    assert citizen.name not in str(answer) and citizen.id_number not in str(answer)
    assert answer["expires_at"] == instant(clock.ms + UNVERIFIED_MS).isoformat().replace("+00:00", "Z")
    response = kiosk.call("GET", "/v1/account")
    assert (response.status_code, problem(response)) == (403, "visit-not-verified")


def test_a_number_as_scanned_is_read_as_the_rules_read_it(kiosk):
    number = BY_KEY["taiwan"].id_number
    for text in (number.lower(), number):
        assert opened(kiosk, {"kind": "id_card", "id_number": text}).status_code == 201


def test_a_joint_card_opens_the_same_persons_visit(kiosk):
    response = opened(kiosk, {"kind": "joint_card", "card_number": BY_KEY["jia"].card_number})
    assert response.json()["id_number_masked"].endswith(BY_KEY["jia"].id_number[-4:])


@pytest.mark.parametrize(
    "credential",
    [
        {"kind": "id_card", "id_number": "210202199001011237"},
        {"kind": "id_card", "id_number": "00000000000000000X"},
        {"kind": "joint_card", "card_number": "6299990000000000000"},
        {"kind": "phone_code", "code": "A" * 20},
    ],
)
def test_strangers_are_unknown(kiosk, credential):
    response = opened(kiosk, credential)
    assert (response.status_code, problem(response)) == (403, "credential-unknown")


@pytest.mark.parametrize(
    "credential",
    [
        {"kind": "id_card", "id_number": "1"},
        {"kind": "joint_card", "card_number": "12 34"},
        {"kind": "phone_code", "code": "https://example.com/"},
        {"kind": "passport", "number": "1"},
        {},
    ],
)
def test_what_is_no_credential_is_malformed(kiosk, credential):
    response = opened(kiosk, credential)
    assert (response.status_code, problem(response)) == (400, "malformed")


def test_a_phone_code_has_proved_the_person_and_works_once(kiosk, database, clock):
    with database.write() as tx:
        code = new_phone_code(tx, BY_KEY["jia"].id_number, clock.ms)
    response = opened(kiosk, {"kind": "phone_code", "code": code})
    assert response.json()["verified"] is True
    kiosk.token = response.json()["token"]
    assert kiosk.call("GET", "/v1/account").status_code == 200
    again = opened(kiosk, {"kind": "phone_code", "code": code})
    assert (again.status_code, problem(again)) == (403, "credential-expired")


def test_a_phone_code_ages(kiosk, database, clock):
    with database.write() as tx:
        late = new_phone_code(tx, BY_KEY["jia"].id_number, clock.ms)
        old = new_phone_code(tx, BY_KEY["jia"].id_number, clock.ms, expired=True)
    assert problem(opened(kiosk, {"kind": "phone_code", "code": old})) == "credential-expired"
    clock.advance(seconds=PHONE_CODE_MS / 1000 + 1)
    assert problem(opened(kiosk, {"kind": "phone_code", "code": late})) == "credential-expired"


def test_wrong_passwords_count_down_and_lock(kiosk):
    kiosk.identify("jia")
    for left in (4, 3, 2, 1):
        response = kiosk.password("000000")
        assert (response.status_code, problem(response), response.json()["tries_left"]) == (
            403,
            "password-wrong",
            left,
        )
    fifth = kiosk.password("000000")
    assert (problem(fifth), fifth.json()["tries_left"]) == ("password-locked", 0)
    assert problem(kiosk.password()) == "password-locked", "the right one comes too late"
    assert problem(kiosk.identify("jia")) == "password-locked"


def test_a_right_password_gives_the_tries_back(kiosk):
    kiosk.identify("one-try")
    assert kiosk.password().status_code == 200
    assert kiosk.identify("one-try").json()["tries_left"] == MAX_WRONG_TRIES


def test_the_lock_survives_a_restart_and_ends_at_the_counter(kiosk, database_url, clock, database):
    kiosk.identify("jia")
    for _ in range(MAX_WRONG_TRIES):
        kiosk.password("000000")
    again = Database(database_url)
    with served(make_centre(again, clock)) as client:
        restarted = Kiosk(client, clock, kiosk.kiosk_id, kiosk.key)
        assert problem(restarted.identify("jia")) == "password-locked"
        with again.write() as tx:
            assert unlock(tx, BY_KEY["jia"].id_number)
        restarted.login("jia")
    again.close()


def test_many_guesses_at_once_are_still_five(kiosk):
    kiosk.identify("jia")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: kiosk.password(f"{n:06d}"), range(24)))
    assert sum(problem(answer) == "password-wrong" for answer in answers) <= MAX_WRONG_TRIES - 1
    assert all(answer.status_code == 403 for answer in answers)
    assert problem(kiosk.password()) == "password-locked"


@pytest.mark.parametrize("password", ["12345", "1234567", "abcdef", "１２３４５６", ""])
def test_only_six_digits_are_a_password(kiosk, password):
    kiosk.identify("jia")
    assert problem(kiosk.password(password)) == "malformed"
    assert kiosk.identify("jia").json()["tries_left"] == MAX_WRONG_TRIES, "and no try is spent on it"


def test_a_token_is_worth_nothing_at_another_kiosk(kiosk, new_kiosk):
    kiosk.login("jia")
    response = new_kiosk().call("GET", "/v1/account", token=kiosk.token)
    assert (response.status_code, problem(response)) == (401, "visit-invalid")


def test_a_visit_that_was_left_is_over(kiosk):
    kiosk.login("jia")
    assert kiosk.call("DELETE", "/v1/visits/current").status_code == 204
    assert problem(kiosk.call("GET", "/v1/account")) == "visit-invalid"
    assert kiosk.call("DELETE", "/v1/visits/current").status_code == 204


def test_the_next_citizen_ends_the_visit_before(kiosk):
    kiosk.login("jia")
    left_behind = kiosk.token
    kiosk.login("yi")
    assert problem(kiosk.call("GET", "/v1/account", token=left_behind)) == "visit-invalid"


def test_visits_age(kiosk, clock):
    kiosk.identify("jia")
    clock.advance(seconds=UNVERIFIED_MS / 1000)
    assert problem(kiosk.password()) == "visit-invalid"
    kiosk.login("jia")
    clock.advance(seconds=VERIFIED_MS / 1000 - 1)
    assert kiosk.call("GET", "/v1/account").status_code == 200
    clock.advance(seconds=1)
    assert problem(kiosk.call("GET", "/v1/account")) == "visit-invalid"


@pytest.mark.parametrize("token", ["", "x", "Bearer", "../../etc"])
def test_garbage_is_no_token(kiosk, token):
    kiosk.token = token or None
    assert problem(kiosk.call("GET", "/v1/account")) == "visit-invalid"


def test_enrolment_codes_work_once_and_an_answer_lost_may_be_fetched_again(client, clock, database):
    with database.write() as tx:
        code = new_enrolment_code(tx, clock.ms)
    first, second = Kiosk(client, clock), Kiosk(client, clock)
    assert first.enrol(code).status_code == 201
    enrolled = first.kiosk_id
    assert first.enrol(code.lower()).json()["kiosk_id"] == enrolled, "the same key again: the answer was lost"
    response = second.enrol(code)
    assert (response.status_code, problem(response)) == (401, "enrolment-code-invalid")


def test_enrolment_codes_age_and_cannot_be_guessed(client, clock, database):
    with database.write() as tx:
        code = new_enrolment_code(tx, clock.ms)
    clock.advance(days=1, seconds=1)
    for wrong in (code, "AAAAAAAAAAAA"):
        assert problem(Kiosk(client, clock).enrol(wrong)) == "enrolment-code-invalid"
    body = {"code": code, "public_key": "A" * 44, "name": "x"}
    assert client.post("/v1/kiosks", json=body).status_code in (400, 401)
