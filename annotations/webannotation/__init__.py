"""What readers wrote in the words of the W3C Web Annotation Data Model, for programs. Pure: values in, JSON-LD out."""
