"""Reading IPP: what libcups writes is read as it was meant, and nothing is kept of what has been read."""

import gc
import sys
from collections.abc import Sequence
from contextlib import suppress
from random import Random

import cups
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.a4_printer.answer import NotIpp, decode

STATUS = 0x0406
HEAD = bytes.fromhex("0200 0406 00000001")
JOBS = bytes([cups.IPP_TAG_JOB])
END = b"\x03"


def coded(*attributes: tuple[int, int, str, Sequence[int | str | bool]]) -> bytes:
    """An answer as libcups writes it; each attribute is (group, value tag, name, values)."""
    answer = cups.IPPRequest(cups.IPP_OP_GET_JOBS)
    answer.statuscode = STATUS
    for group, tag, name, values in attributes:
        answer.add(cups.IPPAttribute(group, tag, name, list(values)))
    written = bytearray()

    def write(data: bytes) -> int:
        written.extend(data)
        return len(data)

    answer.writeIO(write)
    return bytes(written)


def named(tag: int, name: str, content: bytes) -> bytes:
    return b"".join([bytes([tag]), len(name).to_bytes(2), name.encode(), len(content).to_bytes(2), content])


SOUND = (
    HEAD
    + named(0x47, "attributes-charset", b"utf-8")
    + JOBS
    + named(0x44, "job-state-reasons", b"none")
    + END
)


def test_numbers_and_words_are_read_as_libcups_writes_them() -> None:
    group = cups.IPP_TAG_PRINTER
    status, read = decode(
        coded(
            (group, cups.IPP_TAG_ENUM, "printer-state", [3]),
            (group, cups.IPP_TAG_INTEGER, "marker-levels", [-1, 0, 2**31 - 1]),
            (group, cups.IPP_TAG_BOOLEAN, "printer-is-accepting-jobs", [True]),
            (group, cups.IPP_TAG_KEYWORD, "printer-state-reasons", ["media-empty-error", "toner-low"]),
            (group, cups.IPP_TAG_NAME, "printer-name", ["大厅打印机"]),
            (group, cups.IPP_TAG_URI, "device-uri", ["ipp://localhost:1/ipp/print"]),
        )
    )
    assert status == STATUS
    assert read["printer-state"] == [3]
    assert read["marker-levels"] == [-1, 0, 2**31 - 1]
    assert read["printer-is-accepting-jobs"] == [True]
    assert read["printer-state-reasons"] == ["media-empty-error", "toner-low"]
    assert read["printer-name"] == ["大厅打印机"]
    assert read["device-uri"] == ["ipp://localhost:1/ipp/print"]


def test_the_values_of_several_jobs_stand_one_behind_the_other() -> None:
    first, second = (named(cups.IPP_TAG_NAME, "job-name", name) for name in (b"document-1", b"document-2"))
    assert decode(HEAD + JOBS + first + JOBS + second + END)[1] == {"job-name": ["document-1", "document-2"]}


def test_a_language_is_left_out_and_a_collection_skipped_whole() -> None:
    spoken = named(0x36, "job-name", b"\x00\x02en" + b"\x00\x03abc")
    inner = named(0x34, "", b"") + named(0x4A, "", b"x-dimension") + named(0x21, "", bytes(4))
    media = named(0x34, "media-col", b"") + named(0x4A, "", b"size") + inner + named(0x37, "", b"") * 2
    state = named(0x23, "job-state", b"\x00\x00\x00\x09")
    assert decode(HEAD + JOBS + spoken + media + state + END)[1] == {
        "job-name": ["abc"],
        "media-col": [],
        "job-state": [9],
    }


@settings(max_examples=100, deadline=None)
@given(st.integers())
def test_no_damage_breaks_the_reading(seed: int) -> None:
    random = Random(seed)
    for _ in range(50):
        data = bytearray(SOUND)
        for _ in range(random.randrange(1, 5)):
            data[random.randrange(len(data))] = random.randrange(256)
        if random.random() < 0.3:
            del data[random.randrange(len(data)) :]
        with suppress(NotIpp):
            decode(bytes(data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD,
        b"\x09" + HEAD[1:] + END,
        HEAD + JOBS + named(0x44, "", b"a further value of nothing") + END,
        HEAD + JOBS + named(0x44, "job-name", b"x") + JOBS + named(0x44, "", b"of the group before") + END,
        HEAD + JOBS + named(0x21, "job-id", b"\x01") + END,
        HEAD + JOBS + named(0x36, "job-name", b"\x00\x09en") + END,
        HEAD + JOBS + named(0x44, "job-name", b"x")[:-1],
    ],
)
def test_what_is_not_ipp_is_refused(data: bytes) -> None:
    with pytest.raises(NotIpp):
        decode(data)


def test_nothing_is_kept_of_an_answer() -> None:
    """A kiosk asks after its printer some ten million times in its life."""
    data = coded((cups.IPP_TAG_PRINTER, cups.IPP_TAG_KEYWORD, "printer-state-reasons", ["none", "toner-low"]))

    def objects_after(answers: int) -> int:
        for _ in range(answers):
            decode(data)
        gc.collect()
        return sys.getallocatedblocks()

    before = objects_after(100)
    assert objects_after(2000) - before < 200
