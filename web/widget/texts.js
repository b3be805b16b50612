/** Every Dutch text that the widget itself says, at language level B1. */

const seconds = (n) => (n === 1 ? "1 seconde" : `${n} seconden`);

/** 75 → "1 minuut en 15 seconden". */
function duration(total) {
  const minutes = Math.floor(total / 60);
  const rest = total % 60;
  const inMinutes = minutes === 1 ? "1 minuut" : `${minutes} minuten`;
  if (!minutes) return seconds(rest);
  return rest ? `${inMinutes} en ${seconds(rest)}` : inMinutes;
}

export const texts = {
  heading: "Kompas-assistent",
  openPanel: "Stel je vraag",
  closePanel: "Sluit de assistent",
  newConversation: "Nieuw gesprek",
  conversation: "Gesprek",
  welcome: "Waar kan ik je mee helpen?",
  intro:
    "Stel je vraag over regionale samenwerking in het technologieonderwijs. Je krijgt een kort antwoord, " +
    "met de bronnen erbij.",
  starters: [
    "Hoe start ik een regionale samenwerking?",
    "Welke voorbeelden zijn er met basisscholen?",
    "Welke tools helpen om beter samen te werken?",
    "Wat weten we over diverse teams?",
  ],
  startersLabel: "Begin bijvoorbeeld met",
  restore: "Zet het vorige gesprek terug",
  automated: "Dit is een automatische assistent. Die kan fouten maken: bekijk ook de bronnen.",
  privacy: "Vul geen persoonlijke gegevens in.",
  contact: "Liever contact met een mens?",

  rate: "Helpt dit antwoord?",
  thumbs: { up: "Dit antwoord helpt", down: "Dit antwoord helpt niet" },
  rated: "Dank je. Je kunt er nog iets bij schrijven.",
  remark: "Dank je. Wil je er iets bij schrijven? Dat hoeft niet.",
  includeQuestion: "Stuur ook mijn vraag mee. Zonder vinkje gaat alleen je oordeel mee.",
  sendRemark: "Verstuur",
  noRemark: "Nee, laat maar",
  thanks: "Bedankt voor je reactie.",

  suggest: "Doe een suggestie",
  suggestIntro:
    "Mis je een onderzoek, een voorbeeld of een tool? Of klopt er iets niet? Schrijf het hier. De redactie van de " +
    "factsheets leest het.",
  suggestion: "Je suggestie",
  suggestContact: "Je e-mailadres of telefoonnummer, als de redactie je iets mag vragen (hoeft niet)",
  sendSuggestion: "Verstuur je suggestie",
  emptySuggestion: "Schrijf eerst je suggestie op.",
  suggestThanks: "Bedankt!",
  suggestKept: "Je suggestie is verstuurd.",
  backToChat: "Terug naar het gesprek",

  outside: (host) => `Je vraag gaat naar een taalmodel buiten deze organisatie (${host}).`,
  byModel: (outside) =>
    `Dit antwoord is geschreven door een taalmodel${outside ? ` buiten deze organisatie (${outside})` : ""}. ` +
    "Elke zin is vergeleken met de bron.",
  byQuotes: "Het taalmodel werkte even niet. Daarom lees je hier zinnen uit de bronnen zelf.",

  question: "Stel je vraag",
  placeholder: "Typ hier je vraag",
  keys: "Met Enter verstuur je je vraag. Met Shift en Enter begin je een nieuwe regel.",
  send: "Verstuur je vraag",
  stop: "Stop",
  stopLabel: "Stop met antwoorden",
  empty: "Typ eerst een vraag.",
  wait: "Wacht tot het antwoord klaar is, of kies Stop.",
  tooLong: (length, limit) => `Je vraag is te lang: ${length} van de ${limit} tekens. Maak je vraag korter.`,
  count: (length, limit) => `${length} van de ${limit} tekens`,

  you: "Jouw vraag:",
  answer: "Antwoord",
  notice: "Let op:",
  busy: "Bezig met je antwoord…",
  slow: "Dit duurt langer dan normaal. Je kunt wachten of stoppen.",
  ready: "Klaar.",
  unfinished: "Dit antwoord is niet af.",
  stopped: "Je hebt dit antwoord gestopt.",
  cleared: "Er is een nieuw gesprek begonnen.",
  restored: "Het vorige gesprek staat er weer.",

  suggestions: "Vraag ook",
  choices: "Kies een vraag",
  ours: { reviewed: "(onze samenvatting)", composed: "(onze woorden)" },
  retry: "Probeer opnieuw",
  resume: "Maak het antwoord af",
  edit: "Pas je vraag aan",
  copy: "Kopieer met bronnen",
  copied: "Gekopieerd",
  copyFailed: "Kopiëren lukt hier niet. Selecteer de tekst en kopieer die zelf.",

  sources: "Bronnen",
  groups: {
    inzicht: "Inzichten",
    praktijkvoorbeeld: "Praktijkvoorbeelden",
    tool: "Tools",
    algemeen: "Algemeen",
    document: "Documenten",
  },
  types: {
    inzicht: "Inzicht",
    praktijkvoorbeeld: "Praktijkvoorbeeld",
    tool: "Tool",
    algemeen: "Algemeen",
    document: "Document",
  },
  origins: {
    factsheet: "uit de factsheet",
    samenvatting: "onze samenvatting van de factsheet",
    document: "uit een gelinkt document",
    notitie: "onze notitie bij een gelinkt document",
  },
  source: (number, title) => `Bron ${number}: ${title}`,
  sourceWord: "Bron",
  closeSource: (number) => `Sluit bron ${number}`,
  noTitle: "Bron zonder titel",
  page: (page) => `bladzijde ${page}`,
  updated: (date) => `bijgewerkt op ${date}`,
  linkedFrom: "Gelinkt bij: ",
  visit: "Bekijk de bron",
  probable: "Vermoedelijke vindplaats",
  newTab: "(opent in een nieuw tabblad)",

  failures: {
    offline: "Je hebt nu geen internet. Kijk of je verbinding werkt en probeer het dan opnieuw.",
    unreachable: "De assistent is nu niet te bereiken. Kijk of je internet werkt en probeer het dan opnieuw.",
    timeout: "De assistent reageert niet meer. Probeer het opnieuw.",
    server: "De assistent heeft een storing. Wacht even en probeer het dan opnieuw.",
    broken: "De verbinding met de assistent is weggevallen. Probeer het opnieuw.",
    limit: "Er komen nu te veel vragen binnen.",
    problem: "Deze vraag kan de assistent niet behandelen. Pas je vraag aan.",
    tooBig: "Dit gesprek is te lang geworden. Begin een nieuw gesprek.",
  },
  countdown: (left) => `Je kunt het over ${duration(left)} opnieuw proberen.`,
  again: "Je kunt het nu opnieuw proberen.",
};
