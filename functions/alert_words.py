"""What staff should know of an order that wants a look, in words: one sentence for each alert (docs/reference/checkout.md)."""

from collections.abc import Mapping

from etalage.model.checkout import Alert
from functions.shelves import Voice


def explain(alert: str, voice: Voice) -> str:
    """Why somebody should look; the code itself for one that is not known here."""
    say = voice.say
    words: Mapping[str, str] = {
        Alert.HOUSE_SILENT: say("It is paid, and a house has not answered for a while. It is asked until it does."),
        Alert.HOUSE_LOCKED: say("The system of a house does not let us in. Look at its token."),
        Alert.HOUSE_UNREADABLE: say("The system of a house answers in a form that we cannot read."),
        Alert.HOUSE_DIFFERS: say("A house gave other places than were asked for."),
        Alert.PAYMENT_SILENT: say("The payment provider has not said for a while whether it is paid."),
        Alert.REFUND_STUCK: say("Money is to go back, and the provider or the house does not do it. It is asked on."),
        Alert.BALANCE_LOW: say(
            "Money is to go back, and the payment provider has not so much of yours. Top it up there."
        ),
        Alert.REFUNDED_ELSEWHERE: say(
            "Somebody gave money back at the payment provider. The tickets are still good: refund them here as well, if they should not be."
        ),
        Alert.CHARGED_BACK: say(
            "The bank of the buyer took the money back. The tickets are still good: take them back here, if they should not be. No money goes then."
        ),
        Alert.GIVEN_AGAIN: say(
            "The bank gave the money again, and the tickets were taken back meanwhile. Agree with the buyer what to do."
        ),
        Alert.NOT_PASSED_ON: say(
            "The payment provider does not pass on to a house what is its own. Look at its account there."
        ),
        Alert.DISCOUNT_STUCK: say(
            "The reduction of a pass was booked for which nobody has a ticket, and its system does not take it back. It is asked on."
        ),
        Alert.AMOUNT_DIFFERS: say("Another amount was paid than was asked for. No tickets were given."),
        Alert.NOT_COMPLETED: say("It is paid, and a house had no places any more. Its share goes back."),
        Alert.UNMATCHED: say("Money came for places of which neither we nor the house know anything."),
    }
    return words.get(alert, alert)
