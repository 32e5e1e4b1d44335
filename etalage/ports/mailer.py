"""Who takes our letters to the post."""

from typing import Protocol

from etalage.model.letter import Letter


class Mailer(Protocol):
    """One way of sending letters.

    Laws (tests/laws/mailer.py):

    1. `send` gives a letter to the post. With the same key again it is sent no second time, as far as this mailer can know: a folder
       knows for ever, a mail server is only known to have a letter while we heard its answer.
    2. Every try for a key carries the same Message-ID and the same date, so that a letter that was sent twice for want of an answer
       can be seen to be one, by programs and by people. Other keys have other names.
    3. When the post is closed, or has another reason than the address to say no: Unavailable (`mail_closed`, `mail_locked`). The
       letter was not sent, or nobody knows: the same letter with the same key may be tried again.
    4. An address that can never be reached is Refused `mail_undeliverable`; another letter to somebody else goes out all the same.
    5. Nothing in a letter makes a header, a recipient or a part of its own, whatever signs it holds.
    6. Words of any language arrive as they were written; plain text, HTML and enclosures are all there, to the byte.
    7. Nothing personal is logged, and no error holds any of it.
    """

    def send(self, letter: Letter, key: str) -> None:
        """Give a letter to the post, under a key that is its own."""
        ...

    def examine(self) -> None:
        """Knock without sending anything; Unavailable when letters cannot be given now."""
        ...
