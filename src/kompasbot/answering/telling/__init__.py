"""Tells an answer in the sources' own sentences, with the direct answer first and nothing said twice."""
