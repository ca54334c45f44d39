"""The notary of a log: refuses an older copy of the store, signs what a commit added, and keeps the newest checkpoint outside.

Whoever adds to the log asks it three times: before anything is done (``check``), as the last thing inside the write
transaction (``attest``), and behind the commit (``confirm``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from ...grammar.diagnostics import CannotRun
from .checkpoint import Checkpoint, add_cosignatures, newest_checkpoint, sign_checkpoint
from .fence import accept_restored, check_fence, read_fence, write_fence
from .notes import SigningKey, read_note, sign_note
from .secrets import LOG_KEY, NEXT_LOG_KEY, make_secret, put_in_place, read_secret
from .signers import Signer, add_signer, present_signer
from .store import LogStore, leaf_count


class Notary(Protocol):
    """What vouches for a log. ``store`` is always that of the log."""

    def check(self, store: LogStore) -> None:
        """Refuse a store that is older than what is known of it outside, or that cannot be signed for."""

    def attest(self, store: LogStore, fresh: Sequence[bytes] = ()) -> None:
        """Vouch for what the present write transaction adds, as its last statement.

        ``fresh`` are the log's last leaves where the caller has them in hand.
        """

    def confirm(self, store: LogStore) -> None:
        """Keep what is committed now as the newest that is known outside."""

    def restart(self, store: LogStore) -> None:
        """Go on, inside the present write transaction, from a store that was put back; ``accept`` follows the commit."""

    def accept(self, store: LogStore) -> None:
        """Take a store that was put back as the one that counts."""


class LogNotary:
    """The notary of the logs of one workspace.

    ``folder`` holds the key and the ``fence``; ``origin`` is how a log that begins now is called, with the store's id behind
    it. The key is read when it is needed first, and made where the log has never been signed.
    """

    def __init__(self, folder: Path, fence: str, origin: str, random_bytes: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._fence = folder / fence
        self._origin = origin
        self._random_bytes = random_bytes
        self._key: SigningKey | None = None

    def check(self, store: LogStore) -> None:
        """Raise CannotRun D201 or D202 for an older or other copy, D203 where the fence cannot be read, D205 without a key.

        Whether the key is that of the log is seen as something is signed, which is before anything goes out.
        """
        check_fence(store, self._fence)
        self._seed_for(store)

    def make_key(self, store: LogStore) -> bool:
        """Make the key where a log that was never signed has none; whether it was made."""
        if present_signer(store) is not None:
            return False
        _, is_new = make_secret(self._folder, self._random_bytes, LOG_KEY)
        return is_new

    def public(self) -> bytes | None:
        """Return the public key of the workspace, None where it has none yet. Raises CannotRun C125."""
        if self._key is None:
            seed = read_secret(self._folder, LOG_KEY)
            self._key = None if seed is None else SigningKey(seed)
        return None if self._key is None else self._key.public

    def known_outside(self, store: LogStore) -> tuple[str, bytes] | None:
        """Return the checkpoint that the fence holds for a store, with the fence's path; None without a signed one."""
        fence = read_fence(self._fence).get(store.store_id)
        return (str(self._fence), fence.note) if isinstance(fence, Checkpoint) else None

    def change_key(self, store: LogStore) -> bool:
        """Sign with a new key from here on, inside the present write transaction; whether the former key was there to agree.

        The newest checkpoint is signed by both, so that who knows the former key can go on to the new one. The new one waits
        in a file of its own until :meth:`adopt_key` follows the commit; a process that dies in between has lost neither.
        """
        signer, former = present_signer(store), self.public()
        check_fence(store, self._fence)
        agrees = signer is None or former == signer.public
        if signer is not None and agrees:
            self.attest(store)
        self._key = SigningKey(make_secret(self._folder, self._random_bytes, NEXT_LOG_KEY)[0])
        if signer is not None:
            successor = Signer(signer.origin, self._key.public)
            add_signer(store, successor, leaf_count(store))
            newest = newest_checkpoint(store)
            if newest is not None and agrees:
                add_cosignatures(store, newest, sign_note(read_note(newest.note).text, signer.origin, self._key).signatures)
        return agrees

    def adopt_key(self) -> None:
        """Put the new key in the place of the former one."""
        put_in_place(self._folder, NEXT_LOG_KEY, LOG_KEY)

    def attest(self, store: LogStore, fresh: Sequence[bytes] = ()) -> None:
        """Extend the tree and sign the new checkpoint.

        Raises CannotRun D205 without the key that signed the log, D206 where it is another, D207 where a leaf is missing.
        """
        key = self._key_for(store)
        signer = present_signer(store)
        if signer is None:
            signer = Signer(f"{self._origin}/{store.store_id}", key.public)
            add_signer(store, signer, leaf_count(store))
        sign_checkpoint(store, signer.origin, key, fresh)

    def confirm(self, store: LogStore) -> None:
        """Write the newest checkpoint to the fence. Raises CannotRun D203 or D204."""
        checkpoint = newest_checkpoint(store)
        if checkpoint is not None:
            write_fence(self._fence, store.store_id, checkpoint)

    def restart(self, store: LogStore) -> None:
        """Let the log of a copy that is older than its fence go on under another name.

        The lost part was signed under the old one, and nobody may sign two histories of one log; so this is a log of its own,
        which begins with what the copy knows.
        """
        try:
            check_fence(store, self._fence)
        except CannotRun as error:
            if error.code not in ("D201", "D202"):
                raise
            key, suffix = self._key_for(store), self._random_bytes(4).hex()
            add_signer(store, Signer(f"{self._origin}/{store.store_id}/{suffix}", key.public), leaf_count(store))
        self.attest(store)

    def accept(self, store: LogStore) -> None:
        """Make the store's newest checkpoint the fence, shorter than the one that was there."""
        checkpoint = newest_checkpoint(store)
        if checkpoint is not None:
            accept_restored(self._fence, store.store_id, checkpoint)

    def _key_for(self, store: LogStore) -> SigningKey:
        """The workspace's key, if it may sign for the log."""
        signer = present_signer(store)
        if self._key is None:
            self._key = SigningKey(self._seed_for(store))
        if signer is not None and signer.public != self._key.public:
            self._key = self._successor(signer)
        return self._key

    def _successor(self, signer: Signer) -> SigningKey:
        """The key that a process which died was about to put in place."""
        seed = read_secret(self._folder, NEXT_LOG_KEY)
        if seed is None or SigningKey(seed).public != signer.public:
            raise CannotRun("D206", path=str(self._folder / LOG_KEY))
        self.adopt_key()
        return SigningKey(seed)

    def _seed_for(self, store: LogStore) -> bytes:
        """What the key is made from, itself made where the log was never signed."""
        seed = read_secret(self._folder, LOG_KEY)
        if seed is None and present_signer(store) is not None:
            raise CannotRun("D205", path=str(self._folder / LOG_KEY))
        return make_secret(self._folder, self._random_bytes, LOG_KEY)[0] if seed is None else seed


class NoNotary:
    """The notary of a private copy, which nobody will ever ask for proof."""

    def check(self, store: LogStore) -> None:
        """Know no older copy."""

    def attest(self, store: LogStore, fresh: Sequence[bytes] = ()) -> None:
        """Sign nothing."""

    def confirm(self, store: LogStore) -> None:
        """Keep nothing."""

    def restart(self, store: LogStore) -> None:
        """Sign nothing."""

    def accept(self, store: LogStore) -> None:
        """Take any."""
