"""Which sentences are quoted."""

from kompasbot.answering.fitting import lines, runs
from kompasbot.answering.telling.quoting import Score, chosen_lines

TEXT = (
    "De kist staat in de bibliotheek. Ook de school heeft er een. Ouders betalen niets.\n\n"
    "Drie regels:\n\n- Kom op tijd.\n- Ruim op."
)


def words_of(wanted: str) -> Score:
    return lambda sentence: float(sum(word in sentence for word in wanted.split()))


def chosen(wanted: str, text: str = TEXT, most: int = 3) -> list[str]:
    return [line.text for line in chosen_lines(text, words_of(wanted), most)]


def test_lines_say_where_they_stand() -> None:
    assert [TEXT[line.start : line.end] for line in lines(TEXT)] == [line.text for line in lines(TEXT)]


def test_list_entries_are_told_apart_from_sentences() -> None:
    assert [line.text for line in lines(TEXT) if line.entry] == ["Kom op tijd.", "Ruim op."]


def test_only_the_sentence_that_fits_is_quoted() -> None:
    assert chosen("Ouders betalen") == ["Ouders betalen niets."]


def test_a_sentence_that_leans_on_the_one_before_takes_it_along() -> None:
    assert chosen("school") == ["De kist staat in de bibliotheek.", "Ook de school heeft er een."]


def test_a_sentence_that_points_back_halfway_takes_the_one_before_along() -> None:
    text = "In Oudestad is een lokaal. Scholen schrijven zich daar in. In Drentstad komt een kist, en blijft daar."
    assert chosen("schrijven", text) == ["In Oudestad is een lokaal.", "Scholen schrijven zich daar in."]
    assert chosen("kist", text) == ["In Drentstad komt een kist, en blijft daar."]


def test_of_a_list_the_one_entry_that_fits_keeps_its_lead() -> None:
    assert chosen("Ruim") == ["Drie regels:", "Ruim op."]


def test_a_list_whose_lead_announces_what_is_asked_stays_whole() -> None:
    assert chosen("regels") == ["Drie regels:", "Kom op tijd.", "Ruim op."]


def test_a_list_of_which_several_entries_fit_stays_whole() -> None:
    assert chosen("Kom Ruim")[-3:] == ["Drie regels:", "Kom op tijd.", "Ruim op."]


def test_without_a_fitting_sentence_the_first_ones_are_quoted() -> None:
    assert chosen("niets-van-dit-alles", most=2)[0] == "De kist staat in de bibliotheek."


def test_neighbouring_lines_make_one_quote() -> None:
    found = lines(TEXT)
    assert [len(run) for run in runs([found[0], found[1], found[3], found[4]], TEXT)] == [2, 2]
