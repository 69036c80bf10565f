"""One change to several leads, with a look at what it does to each."""
