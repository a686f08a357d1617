"""Review → comments: what a reviewer persona is shown, how it is asked, and which of its words stand.

`select` → `ask` → `check` → `doubt`; all but asking are functions of frozen nouns. The network begins in `client`,
which the hall imports only when a request will really be sent, because the SDK takes seconds to load.
"""
