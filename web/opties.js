/** Everything that a page can set on <kompas-chat>: name, default, what it does. */

export const ATTRIBUTES = [
  ["endpoint", "waar het script vandaan komt", "Adres van de assistent."],
  ["site", "geen", "Naam van je site, zoals de beheerder die heeft ingesteld."],
  ["factsheet", "alle", "Alleen vragen over deze factsheet, bijvoorbeeld regionale-samenwerking."],
  ["mode", "inline", "inline: in de bladzijde. launcher: achter een ronde knop in de hoek."],
  ["contact", "geen", "E-mailadres of bladzijde voor wie liever een mens spreekt."],
  ["language", "nl", "Taal voor voorleessoftware: nl, of een streek daarvan zoals nl-BE. De teksten zijn Nederlands."],
  ["heading", "Kompas-assistent", "Titel boven het gesprek."],
  ["intro", "een korte uitleg", "Zin boven de eerste vragen."],
  ["questions", "vier vragen", "Eerste vragen om op te drukken, met | ertussen."],
  ["theme", "wat de bezoeker instelde", "light of dark."],
  ["open", "dicht", "Bij launcher: of het venster open is."],
];

export const PROPERTIES = [
  ["--kompas-accent", "donkergroen", "Kleur van knoppen, links en de rand om wat gekozen is."],
  ["--kompas-on-accent", "wit", "Kleur van tekst op een knop."],
  ["--kompas-accent-dark", "een lichtere tint van --kompas-accent", "Dezelfde kleur, als het donker is."],
  ["--kompas-on-accent-dark", "bijna zwart", "Kleur van tekst op een knop, als het donker is."],
  ["--kompas-background", "wit", "Achtergrond van het gesprek."],
  ["--kompas-surface", "heel licht groen", "Achtergrond van een bron en van een melding."],
  ["--kompas-text", "bijna zwart", "Kleur van de tekst."],
  ["--kompas-muted", "grijs", "Kleur van minder belangrijke tekst."],
  ["--kompas-line", "lichtgrijs", "Kleur van lijnen."],
  ["--kompas-notice", "oranjebruin", "Kleur van een waarschuwing."],
  ["--kompas-font", "het lettertype van het apparaat", "Lettertype."],
  ["--kompas-font-size", "1rem, minstens 16px", "Grootte van de letters; alles groeit mee."],
  ["--kompas-radius", "1em", "Ronding van de hoeken."],
  ["--kompas-height", "46em, hoogstens 88 % van het scherm", "Hoogte in de bladzijde (inline)."],
  ["--kompas-panel-width", "27em", "Breedte van het venster (launcher)."],
  ["--kompas-panel-height", "44em", "Hoogte van het venster (launcher)."],
  ["--kompas-inset", "1.5em", "Afstand van de knop tot de rand van het scherm (launcher)."],
  ["--kompas-layer", "1000", "Laag van de knop en het venster, als z-index (launcher)."],
];
