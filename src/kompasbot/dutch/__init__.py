"""Dutch words: tokens, stems, compound parts, character n-grams, sentences and how common a word is.

The dictionaries come from ``simplemma`` (lemmas, Dutch and English) and ``wordfreq`` (frequencies); both ship with
their data and need no download. They are loaded at the first use (0.8 s together), not at import.
"""

from kompasbot.dutch.compounds import parts
from kompasbot.dutch.sentences import sentences
from kompasbot.dutch.words import (
    CACHE,
    LONGEST_WORD,
    always_capitalised,
    fold,
    is_common,
    is_dictionary_word,
    is_function_word,
    is_modifier,
    is_verb,
    looks_english,
    ngrams,
    stem,
    words,
    zipf,
    zipf_english,
)

__all__ = [
    "CACHE",
    "LONGEST_WORD",
    "always_capitalised",
    "fold",
    "is_common",
    "is_dictionary_word",
    "is_function_word",
    "is_modifier",
    "is_verb",
    "looks_english",
    "ngrams",
    "parts",
    "sentences",
    "stem",
    "words",
    "zipf",
    "zipf_english",
]
