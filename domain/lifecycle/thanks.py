"""What is only thanks, and asks for nothing: a short list of words for each language we speak.

House rule. A message counts as thanks as a whole or not at all: "Thank you, it works" says more, and so does
a question mark. "OK" is no thanks: to a question it is an answer.
"""

import re
import unicodedata

_WORDS = {
    "en": (
        "thanks",
        "thank you",
        "thx",
        "many thanks",
        "thanks a lot",
        "thanks a million",
        "thanks again",
        "thank you again",
        "thanks so much",
        "thank you so much",
        "thanks very much",
        "thank you very much",
        "thanks in advance",
        "thank you in advance",
        "thanks for your help",
        "thank you for your help",
        "much appreciated",
        "cheers",
    ),
    "fil": (
        "salamat",
        "salamat po",
        "maraming salamat",
        "maraming salamat po",
        "maraming maraming salamat",
        "maraming maraming salamat po",
        "salamat sa tulong",
        "salamat po sa tulong",
        "salamat sa inyo",
        "salamat po sa inyo",
        "thanks po",
        "thank you po",
    ),
    "ja": (
        "ありがとう",
        "ありがとうございます",
        "ありがとうございました",
        "どうも",
        "どうもありがとう",
        "どうもありがとうございます",
        "どうもありがとうございました",
        "誠にありがとうございます",
        "誠にありがとうございました",
        "有難う",
        "有難うございます",
        "有難うございました",
        "有り難うございます",
        "有り難うございました",
        "感謝します",
        "感謝いたします",
        "感謝致します",
        "お世話になりました",
    ),
}
"""Customers thank in any of them, whatever language their case is in."""

_PHRASES = sorted((phrase for words in _WORDS.values() for phrase in words), key=len, reverse=True)
# Atomic: words that can be read in two ways would else be tried in all ways, and take the worker's time.
_THANKS = re.compile(rf"(?>(?:{'|'.join(map(re.escape, _PHRASES))})(?: |$|(?<=[^\x00-\x7f])))++")
_LONGEST = 200
"""Characters; thanks are short, and a longer text is not looked at."""

_ASKS = frozenset("?？")


def is_only_thanks(text: str) -> bool:
    """Tell whether a message is thanks and nothing else; case, punctuation and pictures do not count."""
    if len(text) > _LONGEST or _ASKS & set(text):
        return False
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(char if _counts(char) else " " for char in plain).split()
    return _THANKS.fullmatch(" ".join(words)) is not None


def _counts(char: str) -> bool:
    """Tell whether a character is part of a word or a number."""
    return unicodedata.category(char)[0] in "LMN"
