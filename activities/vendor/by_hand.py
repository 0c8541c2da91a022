"""What our own people are told who have to reach the vendor itself, because no machine could."""

from collections.abc import Sequence

from markupsafe import Markup

from activities.words.content import Wording

_PARAGRAPH = Markup('<div dir="auto" style="margin: 0 0 1em">')


def by_hand(wording: Wording, why: Sequence[str]) -> Wording:
    """Make a task of what was meant for the vendor, and say why it came to that."""
    number, _, topic = wording.subject.partition("] ")
    task = "Call the vendor: this could not be handed to them by machine, and is yours now."
    because = f"What was tried: {'; '.join(why)}" if why else "No vendor's interface and no mailbox is set."
    then = "Open or continue their ticket with the text below, and tell the case their reference and answer."
    paragraphs = (task, because, then)
    head, first, rest = wording.html.partition(str(_PARAGRAPH))
    added = "".join(_PARAGRAPH + text + Markup("</div>\n") for text in paragraphs)
    return wording.model_copy(
        update={
            "subject": f"{number}] Call the vendor: {topic}" if topic else f"Call the vendor: {number}",
            "text": "\n\n".join((*paragraphs, wording.text)),
            "html": f"{head}{added}{first}{rest}",
        }
    )
