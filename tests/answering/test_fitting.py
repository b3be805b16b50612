"""Which sentences are quoted."""

from kompasbot.answering.fitting import fitting, lines, runs

TEXT = (
    "De kist staat in de bibliotheek. Ook de school heeft er een. Ouders betalen niets.\n\n"
    "Drie regels:\n\n- Kom op tijd.\n- Ruim op."
)


def words_of(wanted: str):  # type: ignore[no-untyped-def]
    return lambda sentence: float(sum(word in sentence for word in wanted.split()))


def test_lines_say_where_they_stand() -> None:
    assert [TEXT[line.start : line.end] for line in lines(TEXT)] == [line.text for line in lines(TEXT)]


def test_list_entries_are_told_apart_from_sentences() -> None:
    assert [line.text for line in lines(TEXT) if line.entry] == ["Kom op tijd.", "Ruim op."]


def test_only_the_sentence_that_fits_is_quoted() -> None:
    assert [line.text for line in fitting(TEXT, words_of("Ouders betalen"), 3)] == ["Ouders betalen niets."]


def test_a_sentence_that_leans_on_the_one_before_takes_it_along() -> None:
    found = [line.text for line in fitting(TEXT, words_of("school"), 3)]
    assert found == ["De kist staat in de bibliotheek.", "Ook de school heeft er een."]


def test_a_sentence_that_points_back_halfway_takes_the_one_before_along() -> None:
    text = "In Oudestad is een lokaal. Scholen schrijven zich daar in. In Drentstad komt een kist, en blijft daar."
    assert [line.text for line in fitting(text, words_of("schrijven"), 3)] == [
        "In Oudestad is een lokaal.",
        "Scholen schrijven zich daar in.",
    ]
    assert len(fitting(text, words_of("kist"), 3)) == 1


def test_a_list_stays_whole_and_keeps_its_lead() -> None:
    found = [line.text for line in fitting(TEXT, words_of("Ruim"), 3)]
    assert found[-3:] == ["Drie regels:", "Kom op tijd.", "Ruim op."]


def test_without_a_fitting_sentence_the_first_ones_are_quoted() -> None:
    assert next(line.text for line in fitting(TEXT, lambda _: 0.0, 2)) == "De kist staat in de bibliotheek."


def test_neighbouring_lines_make_one_quote() -> None:
    found = lines(TEXT)
    assert [len(run) for run in runs([found[0], found[1], found[3], found[4]], TEXT)] == [2, 2]
