"""Finds the items that a question is about: lexical and vector ranking, fused."""
