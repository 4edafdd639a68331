"""The pure room of texts: canonical text, paragraph names, sentences, marks. No Django, no database, no clock."""
