"""A small factsheet for tests that read, edit and publish one."""

SHEET = """---
titel: Lesmateriaal
weergave: samenvatting
bijgewerkt: 2026-01-01
---

Deze factsheet gaat over lesmateriaal.

## Inzichten uit onderzoek

### Jansen: zelf maken

Jansen (2011) liet zien dat zelfgemaakt materiaal vaker wordt gebruikt.

### De Wit: robots

De Wit (2019) onderzocht robots in de kleuterklas.

## Praktijkvoorbeelden

### Techkist Drentstad

De bibliotheek van Drentstad leent een Techkist uit.

## Tools en handvatten

### Kieswijzer

De Kieswijzer helpt leraren om te kiezen.
"""
