"""Signed notes, keys, cosignatures and bodies of checkpoints: other people's vectors, and all that is refused."""

from __future__ import annotations

import base64
import json
import string
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qingting.engine.log.notes import (
    COSIGNATURE,
    ED25519,
    MAX_BYTES,
    MAX_SIGNATURES,
    CheckpointBody,
    NoteError,
    NoteSignature,
    SignedNote,
    SigningKey,
    VerifiedBy,
    VerifierKey,
    add_signatures,
    merge_notes,
    read_body,
    read_note,
    read_signatures,
    read_verifier_key,
    sign_note,
    verify_checkpoint,
    verify_note,
)

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
NAME = "qingting.log/0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
KEY = SigningKey(b"\x07" * 32)
WITNESS = SigningKey(b"\x08" * 32)
WITNESS_KEY = VerifierKey("witness.example/w", WITNESS.public, COSIGNATURE)
BODY = CheckpointBody(NAME, 10, bytes(range(32)))
# The key of the example in the documentation of golang.org/x/mod/sumdb/note, which is public there.
PETER = SigningKey(base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:])


def signed() -> SignedNote:
    return sign_note(BODY.to_text(), NAME, KEY)


def cosign(text: str, time: int, key: SigningKey = WITNESS, name: str = WITNESS_KEY.name) -> NoteSignature:
    """What a witness answers, written from the specification."""
    signature = key.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
    verifier = VerifierKey(name, key.public, COSIGNATURE)
    return NoteSignature(name, verifier.key_id, time.to_bytes(8, "big") + signature)


def refused(reason: str, call: Callable[[], object]) -> None:
    with pytest.raises(NoteError) as raised:
        call()
    assert raised.value.reason == reason


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class TestVectors:
    @pytest.mark.parametrize("vector", VECTORS["published"], ids=lambda vector: vector["keys"][0].split("+")[0])
    def test_published_notes_verify(self, vector: dict) -> None:
        keys = [read_verifier_key(text) for text in vector["keys"]]
        assert [key.to_text() for key in keys] == vector["keys"]
        note = read_note(vector["note"].encode())
        assert note.to_bytes() == vector["note"].encode()
        assert verify_note(note, keys) == tuple(map(VerifiedBy, keys, vector["times"]))

    @pytest.mark.parametrize("vector", VECTORS["go_notes"])
    def test_notes_made_by_go_are_made_byte_for_byte(self, vector: dict) -> None:
        keys = [read_verifier_key(text) for text in vector["keys"]]
        signers = [SigningKey(bytes.fromhex(seed)) for seed in vector["seeds"]]
        note = read_note(vector["note"].encode())
        assert [each.key for each in verify_note(note, keys)] == keys
        made = sign_note(note.text, keys[0].name, signers[0])
        for key, signer, line in zip(keys[1:], signers[1:], note.signatures[1:], strict=True):
            made = add_signatures(made, [cosign(note.text, int.from_bytes(line.blob[:8], "big"), signer, key.name)])
        assert made.to_bytes() == vector["note"].encode()

    def test_the_example_of_the_go_documentation_is_made_byte_for_byte(self) -> None:
        vector = VECTORS["published"][0]
        text, split, lines = vector["note"].rpartition("\n\n")
        made = sign_note(text + "\n", "PeterNeumann", PETER).to_bytes().decode()
        assert made == text + split + lines.splitlines(keepends=True)[0]

    def test_checkpoints_of_other_logs_are_read(self) -> None:
        bodies = [read_body(read_note(vector["note"].encode()).text) for vector in VECTORS["published"][2:]]
        assert [(body.origin, body.size, body.extensions) for body in bodies] == [
            ("go.sum database tree", 30055305, ()),
            ("arche2025h1.staging.ct.transparency.dev", 1432088532, ()),
        ]

    def test_a_log_and_its_witnesses_that_are_not_ours(self) -> None:
        log, *witnesses = [read_verifier_key(text) for text in VECTORS["published"][3]["keys"]]
        note = read_note(VECTORS["published"][3]["note"].encode())
        verified = verify_checkpoint(note, log, witnesses)
        assert verified.body.size == 1432088532
        assert [each.key for each in verified.witnesses] == witnesses


class TestVerifierKeys:
    def test_the_id_is_that_of_name_kind_and_key(self) -> None:
        ids = {VerifierKey(name, public, kind).key_id for name in "ab" for public in (b"x" * 32, b"y" * 32)
               for kind in (ED25519, COSIGNATURE)}  # fmt: skip
        assert len(ids) == 8
        assert {len(each) for each in ids} == {4}

    def test_round_trip(self) -> None:
        for key in (KEY.verifier(NAME), WITNESS_KEY, VerifierKey("日志", b"\xfb" * 32, ED25519)):
            assert read_verifier_key(key.to_text()) == read_verifier_key(str(key)) == key

    @pytest.mark.parametrize(
        "name", ["", "a b", "a+b", "a\u3000b", "a\u2028b", "a\u0085b", "\u00a0", "a\nb", "a\tb", "a\0", "\ud800"]
    )
    def test_names(self, name: str) -> None:
        refused("key", lambda: VerifierKey(name, bytes(32), ED25519))
        refused("form", lambda: NoteSignature(name, bytes(4), b"x"))

    @pytest.mark.parametrize("kind", [0, 2, 3, 5, 6, 255])
    def test_kinds(self, kind: int) -> None:
        refused("key", lambda: VerifierKey("a", bytes(32), kind))

    @pytest.mark.parametrize("length", [0, 31, 33, 64])
    def test_lengths(self, length: int) -> None:
        refused("key", lambda: VerifierKey("a", bytes(length), ED25519))
        refused("key", lambda: SigningKey(bytes(length)))

    def test_every_other_text_is_refused_or_another_key(self) -> None:
        text = read_verifier_key(KEY.verifier("log.example").to_text()).to_text()
        for place in range(len(text)):
            for character in string.printable + "é—\u3000":
                changed = text[:place] + character + text[place + 1 :]
                if changed != text:
                    refused("key", lambda changed=changed: read_verifier_key(changed))
            refused("key", lambda place=place: read_verifier_key(text[:place]))
        for around in (" {}", "{} ", "{}\n", "{}=", "+{}", "{}+"):
            refused("key", lambda around=around: read_verifier_key(around.format(text)))

    def test_the_id_in_capitals_is_refused(self) -> None:
        name, key_id, encoded = KEY.verifier("x").to_text().split("+", 2)
        assert key_id != key_id.upper()
        refused("key", lambda: read_verifier_key(f"{name}+{key_id.upper()}+{encoded}"))

    def test_kinds_that_are_not_known_are_refused_with_their_right_id(self) -> None:
        from hashlib import sha256

        for raw in (b"\x02" + KEY.public, b"\x01" + KEY.public + b"x", b"\x01" + KEY.public[1:], b"\x01", b""):
            key_id = sha256(b"x\n" + raw).digest()[:4].hex()
            refused("key", lambda raw=raw, key_id=key_id: read_verifier_key(f"x+{key_id}+{b64(raw)}"))


class TestSigningKeys:
    def test_nothing_shows_the_seed(self) -> None:
        key = SigningKey(bytes(range(32)))
        key.sign(b"")
        shown = f"{key} {key!r} {[key]} {vars(NoteError('key'))}"
        assert shown.count("SigningKey(...)") == 3
        assert bytes(range(32)).hex() not in shown

    def test_the_key_is_loaded_once(self) -> None:
        key = SigningKey(bytes(32))
        assert key.sign(b"a") == key.sign(b"a") != key.sign(b"b")
        assert key._private() is key._private()

    def test_reading_notes_does_not_load_the_library(self) -> None:
        code = "import sys, qingting.engine.log.notes as n; n.SigningKey(bytes(32)); sys.exit('cryptography' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestForm:
    @pytest.mark.parametrize(
        "text", ["\n", "a\n", "\n\n\n", "a\n\nb\n", "a\n\n", "\n\na\n", "— x AAAA\n", "日志\u2028\ufeff\x7f\n"]
    )
    def test_texts_come_back(self, text: str) -> None:
        note = sign_note(text, NAME, KEY)
        assert read_note(note.to_bytes()) == note
        assert verify_note(read_note(note.to_bytes()), [KEY.verifier(NAME)])

    @given(st.text(st.sampled_from("\n— aB=é"), max_size=12))
    def test_any_text_comes_back(self, text: str) -> None:
        note = SignedNote(text + "\n", (NoteSignature("x", b"abcd", b"e"), NoteSignature("y", b"abcd", b"ef")))
        assert read_note(note.to_bytes()) == note

    @pytest.mark.parametrize("text", ["", "a", "a\r\n", "a\0\n", "a\tb\n", "\x1f\n", "\n ", "\ud800\n"])
    def test_texts_that_no_note_has(self, text: str) -> None:
        refused("form", lambda: sign_note(text, NAME, KEY))
        refused("form", lambda: SignedNote(text, signed().signatures))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("\n", "\r\n"),
            ("\n\n", "\n"),
            ("\n\n", "\n\n\n\0"),
            ("\n\n—", "\n\n\n\n—\n\n"),
            ("— ", "—"),
            ("— ", "-- "),
            ("— ", "– "),
            ("— ", "—  "),
            ("— ", "—\u00a0"),
            ("— ", " — "),
            (" {name} ", " "),
            (" {name} ", " {name}  "),
            (" {name} ", " {name} x "),
            (" {name} ", " {name}\u3000"),
            (" {name} ", " a+b "),
            ("{end}\n", "{end}"),
            ("{end}\n", "{end}\n\n"),
            ("{end}\n", "{end} \n"),
            ("{end}\n", "{end}\n \n"),
            ("{end}\n", "{end}\n\n— x\n"),
            ("{end}\n", "{end}\ntext\n"),
            ("{end}\n", "{end}=\n"),
            ("{end}\n", "\n"),
        ],
    )
    def test_what_is_not_a_note(self, old: str, new: str) -> None:
        whole = signed().to_bytes().decode()
        fields = {"name": NAME, "end": whole[-6:-1]}
        changed = whole.replace(old.format(**fields), new.format(**fields))
        assert changed != whole
        refused("form", lambda: read_note(changed.encode()))

    @pytest.mark.parametrize(
        "data", [b"", b"\n", b"\n\n", b"\n\n\n", b"a\n\n", b"a\n", b"\xff\n\n", b"\xed\xa0\x80\n\n"]
    )
    def test_what_is_nothing_at_all(self, data: bytes) -> None:
        refused("form", lambda: read_note(data))
        refused("form", lambda: read_note(data + signed().to_bytes().partition(b"\n\n")[2].replace("—".encode(), b"-")))

    def test_bytes_that_are_not_utf8(self) -> None:
        whole = signed().to_bytes()
        for bad in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
            refused("form", lambda bad=bad: read_note(bad + whole))
            refused("form", lambda bad=bad: read_note(whole.replace(NAME.encode() + b" ", bad + b" ")))

    def test_base64_has_one_form(self) -> None:
        line = "a\n\n— x {}\n"
        assert read_note(line.format(b64(b"abcde")).encode()).signatures[0].blob == b"e"
        # b64(b"abcde") is YWJjZGU=; V, W and X end in bits that are thrown away.
        for bad in (
            "YWJjZGV=",
            "YWJjZGU",
            "YWJjZGU==",
            "YWJj-_GU",
            "YWJj ZGU=",
            "YWJjZA==",
            "",
            "=",
            "YWJjZGU=YWJj",
            "ＹＷＪｊＺＧＵ=",
        ):
            refused("form", lambda bad=bad: read_note(line.format(bad).encode()))

    def test_limits(self) -> None:
        lines = tuple(NoteSignature("x", i.to_bytes(4, "big"), b"s") for i in range(MAX_SIGNATURES + 1))
        most = SignedNote("a\n", lines[:-1])
        assert read_note(most.to_bytes()) == most
        refused("form", lambda: SignedNote("a\n", lines))
        refused("form", lambda: add_signatures(most, lines[-1:]))
        refused("form", lambda: read_note(most.to_bytes() + lines[-1].to_line().encode()))
        refused("form", lambda: SignedNote("a\n", ()))
        short = len(SignedNote("\n", lines[:1]).to_bytes())
        longest = SignedNote("a" * (MAX_BYTES - short) + "\n", lines[:1])
        assert read_note(longest.to_bytes()) == longest
        refused("form", lambda: SignedNote("a" + longest.text, lines[:1]))
        refused("form", lambda: read_note(b"a" + longest.to_bytes()))
        refused("form", lambda: read_signatures(b"".join(line.to_line().encode() for line in lines)))
        refused("form", lambda: read_signatures(NoteSignature("x", b"abcd", bytes(MAX_BYTES)).to_line().encode()))

    def test_sixteen_witnesses_are_allowed(self) -> None:
        # C2SP signed-note: a verifier accepts at least so many.
        lines = [NoteSignature("x", i.to_bytes(4, "big"), bytes(5000)) for i in range(16)]
        assert len(read_note(add_signatures(signed(), lines).to_bytes()).signatures) == 17

    def test_lines_without_a_text_are_no_note(self) -> None:
        lines = signed().signatures[0].to_line().encode()
        assert read_signatures(lines) == signed().signatures
        refused("form", lambda: read_note(lines))
        refused("form", lambda: read_note(b"\n" + lines))

    @pytest.mark.parametrize(("key_id", "blob"), [(b"abc", b"x"), (b"abcde", b"x"), (b"", b"x"), (b"abcd", b"")])
    def test_parts_of_a_signature(self, key_id: bytes, blob: bytes) -> None:
        refused("form", lambda: NoteSignature("x", key_id, blob))


class TestVerifying:
    def test_every_change_of_a_byte_is_found(self) -> None:
        stranger = sign_note(BODY.to_text(), "stranger.example", SigningKey(b"\x09" * 32)).signatures
        whole = add_signatures(signed(), stranger).to_bytes()
        keys = [KEY.verifier(NAME)]
        before = verify_note(read_note(whole), keys)
        strangers = range(whole.rindex("— ".encode()), len(whole))
        passed = set()
        for place, byte in enumerate(whole):
            for other in {byte ^ 1 << bit for bit in range(8)} | {0, 10, 13, 32, 43} - {byte}:
                changed = whole[:place] + bytes((other,)) + whole[place + 1 :]
                try:
                    note = read_note(changed)
                    assert verify_note(note, keys) == before
                except NoteError:
                    continue
                assert note.text == BODY.to_text()
                passed.add(place)
        # Only the line of the one who is not known may change, and it says nothing.
        assert passed
        assert passed <= set(strangers)

    def test_every_cut_is_found(self) -> None:
        whole = signed().to_bytes()
        for place in range(len(whole)):
            refused("form", lambda place=place: read_note(whole[:place]))

    def test_unknown_keys_say_nothing(self) -> None:
        note, key = signed(), KEY.verifier(NAME)
        refused("unknown", lambda: verify_note(note, ()))
        refused("unknown", lambda: verify_note(note, [SigningKey(b"\x09" * 32).verifier(NAME)]))
        refused("unknown", lambda: verify_note(note, [KEY.verifier("other.example")]))
        refused("unknown", lambda: verify_note(note, [VerifierKey(NAME, KEY.public, COSIGNATURE)]))
        rubbish = [NoteSignature(NAME, b"abcd", b"x"), NoteSignature("other.example", key.key_id, b"x")]
        assert verify_note(SignedNote(note.text, (*rubbish, *note.signatures)), [key]) == (VerifiedBy(key, None),)

    def test_a_known_key_that_did_not_sign_this_is_refused(self) -> None:
        key = KEY.verifier(NAME)
        good = signed().signatures[0].blob
        other = SigningKey(b"\x09" * 32)
        blobs = [
            other.sign(BODY.to_text().encode()),
            KEY.sign(b"another text\n"),
            good[:-1],
            good + b"x",
            b"x",
            bytes(64),
        ]
        blobs += [
            bytes(good[i] ^ (1 << bit) if i == at else good[i] for i in range(64)) for at in range(64) for bit in (0, 7)
        ]
        for blob in blobs:
            bad = NoteSignature(NAME, key.key_id, blob)
            refused("signature", lambda bad=bad: verify_note(SignedNote(BODY.to_text(), (bad,)), [key]))
            # Nor does a good signature beside it make it good.
            for lines in ((bad, *signed().signatures), (*signed().signatures, bad)):
                refused("signature", lambda lines=lines: verify_note(SignedNote(BODY.to_text(), lines), [key]))

    def test_a_signature_with_a_number_that_is_too_large_is_refused(self) -> None:
        # RFC 8032, 5.1.7: S must be below the order of the group, or each signature would have a second form.
        order = 2**252 + 27742317777372353535851937790883648493
        good = signed().signatures[0]
        second = good.blob[:32] + (int.from_bytes(good.blob[32:], "little") + order).to_bytes(32, "little")
        bad = SignedNote(BODY.to_text(), (NoteSignature(NAME, good.key_id, second),))
        refused("signature", lambda: verify_note(bad, [KEY.verifier(NAME)]))

    def test_swapped_keys_are_found(self) -> None:
        other = SigningKey(b"\x09" * 32)
        first, second = sign_note("a\n", "a", KEY).signatures[0], sign_note("a\n", "b", other).signatures[0]
        swapped = (NoteSignature("a", first.key_id, second.blob), NoteSignature("b", second.key_id, first.blob))
        keys = [KEY.verifier("a"), other.verifier("b")]
        assert len(verify_note(SignedNote("a\n", (first, second)), keys)) == 2
        refused("signature", lambda: verify_note(SignedNote("a\n", swapped), keys))

    def test_a_key_counts_once(self) -> None:
        twice = SignedNote(BODY.to_text(), signed().signatures * 2)
        assert len(verify_note(twice, [KEY.verifier(NAME), KEY.verifier(NAME)])) == 1

    def test_keys_that_cannot_be_told_apart_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(VerifierKey, "key_id", property(lambda _: b"same"))
        note = SignedNote("a\n", (NoteSignature("a", b"same", KEY.sign(b"a\n")),))
        assert verify_note(note, [KEY.verifier("a"), KEY.verifier("b")])
        refused("key", lambda: verify_note(note, [KEY.verifier("a"), WITNESS.verifier("a")]))


class TestCosignatures:
    def test_a_witness_signs_with_its_time(self) -> None:
        note = add_signatures(signed(), [cosign(BODY.to_text(), 1732276800)])
        both = verify_note(read_note(note.to_bytes()), [KEY.verifier(NAME), WITNESS_KEY])
        assert both == (VerifiedBy(KEY.verifier(NAME), None), VerifiedBy(WITNESS_KEY, 1732276800))
        assert verify_note(note, [WITNESS_KEY]) == (VerifiedBy(WITNESS_KEY, 1732276800),)

    def test_the_latest_time_counts(self) -> None:
        for times in ((5, 9, 7), (9, 5), (9,), (0, 9)):
            note = add_signatures(signed(), [cosign(BODY.to_text(), time) for time in times])
            assert verify_note(note, [WITNESS_KEY]) == (VerifiedBy(WITNESS_KEY, 9),)

    @pytest.mark.parametrize("time", [0, 1, 2**63 - 1])
    def test_times(self, time: int) -> None:
        assert verify_note(add_signatures(signed(), [cosign(BODY.to_text(), time)]), [WITNESS_KEY])[0].time == time

    @pytest.mark.parametrize("time", [2**63, 2**64 - 1])
    def test_times_too_large(self, time: int) -> None:
        refused(
            "signature", lambda: verify_note(add_signatures(signed(), [cosign(BODY.to_text(), time)]), [WITNESS_KEY])
        )

    def test_what_no_cosignature_is(self) -> None:
        text = BODY.to_text()
        good = cosign(text, 7).blob
        blobs = [good[:8], good[:7], good[:71], good + b"x", (8).to_bytes(8, "big") + good[8:], good[8:]]
        blobs += [WITNESS.sign(text.encode()), bytes(8) + WITNESS.sign(text.encode()), cosign("other\n", 7).blob]
        for blob in blobs:
            bad = NoteSignature(WITNESS_KEY.name, WITNESS_KEY.key_id, blob)
            refused("signature", lambda bad=bad: verify_note(add_signatures(signed(), [bad]), [WITNESS_KEY]))

    def test_a_cosignature_covers_extensions(self) -> None:
        longer = CheckpointBody(NAME, 10, BODY.root, ("more",))
        note = SignedNote(longer.to_text(), (cosign(BODY.to_text(), 7),))
        refused("signature", lambda: verify_note(note, [WITNESS_KEY]))

    def test_answers_of_witnesses_are_read_and_added_once(self) -> None:
        lines = [cosign(BODY.to_text(), 7), cosign(BODY.to_text(), 8)]
        answer = "".join(line.to_line() for line in lines).encode()
        assert read_signatures(answer) == tuple(lines)
        note = add_signatures(signed(), read_signatures(answer))
        assert note.signatures == (*signed().signatures, *lines)
        assert add_signatures(note, [lines[1], *signed().signatures, lines[0]]) == note
        for bad in (b"", b"\n", answer[:-1], answer + b"\n", b"\n" + answer, BODY.to_text().encode(), answer[1:]):
            refused("form", lambda bad=bad: read_signatures(bad))

    def test_notes_of_one_text_are_merged(self) -> None:
        other = SignedNote(BODY.to_text(), (cosign(BODY.to_text(), 7), *signed().signatures))
        assert merge_notes(signed(), other).signatures == (*signed().signatures, other.signatures[0])
        refused("text", lambda: merge_notes(signed(), sign_note("other\n", NAME, KEY)))


class TestBodies:
    def test_round_trip(self) -> None:
        assert BODY.to_text() == f"{NAME}\n10\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
        for body in (
            BODY,
            CheckpointBody("go.sum database tree", 2**63 - 1, bytes(32), ("a", "b c")),
            CheckpointBody("日志", 0, bytes(32)),
        ):
            assert read_body(body.to_text()) == body

    @pytest.mark.parametrize(
        "size",
        [
            "",
            "-1",
            "+1",
            "01",
            "00",
            " 1",
            "1 ",
            "1.0",
            "0x1",
            "1_0",
            "１",
            "a",
            "9223372036854775808",
            "1" * 30,
            "1" * 5000,
        ],
    )
    def test_sizes(self, size: str) -> None:
        refused("body", lambda: read_body(BODY.to_text().replace("\n10\n", f"\n{size}\n")))

    @pytest.mark.parametrize(
        "root",
        [
            "",
            b64(bytes(31)),
            b64(bytes(33)),
            b64(bytes(32))[:-1],
            "A" * 42 + "B=",
            bytes(32).hex(),
            b64(bytes(32)) + " ",
        ],
    )
    def test_roots(self, root: str) -> None:
        refused("body", lambda: read_body(f"{NAME}\n10\n{root}\n"))

    @pytest.mark.parametrize(
        "text",
        ["", "\n", "\n\n\n", "{0}\n10\n", "{0}\n10\n{1}", "\n10\n{1}\n", "{0}\n10\n{1}\n\n", "{0}\n10\n{1}\n\nx\n", "{0}\n10\n{1}\nx",
         "{0}\n10\n{1}\n\tx\n", "{0}\r\n10\n{1}\n", "{0}\n\n10\n{1}\n", "\n{0}\n10\n{1}\n", "{0}\0\n10\n{1}\n"],
    )  # fmt: skip
    def test_what_is_not_a_body(self, text: str) -> None:
        refused("body", lambda: read_body(text.format(NAME, b64(bytes(32)))))

    def test_bodies_that_nobody_may_make(self) -> None:
        for size in (-1, 2**63):
            refused("body", lambda size=size: CheckpointBody(NAME, size, bytes(32)))
        for origin in ("", "a\nb", "a\0"):
            refused("body", lambda origin=origin: CheckpointBody(origin, 0, bytes(32)))
        for line in ("", "a\nb", "\x1b"):
            refused("body", lambda line=line: CheckpointBody(NAME, 0, bytes(32), (line,)))
        refused("body", lambda: CheckpointBody(NAME, 0, bytes(31)))


class TestCheckpoints:
    def test_the_log_itself_must_have_signed(self) -> None:
        log = KEY.verifier(NAME)
        witnessed = add_signatures(signed(), [cosign(BODY.to_text(), 7)])
        assert verify_checkpoint(signed(), log).body == BODY
        assert verify_checkpoint(witnessed, log).witnesses == ()
        assert verify_checkpoint(witnessed, log, [WITNESS_KEY]).witnesses == (VerifiedBy(WITNESS_KEY, 7),)
        alone = SignedNote(BODY.to_text(), witnessed.signatures[1:])
        refused("unknown", lambda: verify_checkpoint(alone, log, [WITNESS_KEY]))

    def test_the_origin_is_the_name_of_the_key(self) -> None:
        other = CheckpointBody("other.example", 10, BODY.root)
        refused("body", lambda: verify_checkpoint(sign_note(other.to_text(), NAME, KEY), KEY.verifier(NAME)))

    def test_a_signed_text_that_is_no_checkpoint(self) -> None:
        refused("body", lambda: verify_checkpoint(sign_note(f"{NAME}\n", NAME, KEY), KEY.verifier(NAME)))

    def test_a_bad_witness_is_refused(self) -> None:
        bad = add_signatures(signed(), [cosign("other\n", 7)])
        refused("signature", lambda: verify_checkpoint(bad, KEY.verifier(NAME), [WITNESS_KEY]))
