"""From a folder of factsheets and documents to what kompasbot knows: read, match ids, join links, cut into passages."""
