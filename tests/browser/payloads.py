"""What people write who want a page to do something: it must be shown, and nothing else."""

from __future__ import annotations

LONGEST_SEAT_NAME = 20

PAYLOADS = (
    # scripts, and elements that bring some along
    "<script>pwned=1//", "<script>window.pwned=1</script>", "<script src=//evil.example>",
    "<svg onload=pwned=1>", "<svg/onload=pwned=1", "<b onclick=pwned=1>", "<img src=x onerror=a",
    "<img src=x onerror=window.pwned=1>", "<iframe src=//x>",
    '<iframe srcdoc="<script>top.pwned=1</script>">', "<svg><script>pwned=1</script></svg>",
    "<svg><animate onbegin=pwned=1 attributeName=x>", "<math href=//evil>",
    "<math><mtext><style><img src=x onerror=pwned=1>", "<details open ontoggle=window.pwned=1>",
    "<object data=javascript:pwned=1>", "<x contenteditable onblur=pwned=1>",
    "<form action=javascript:pwned=1><button>", "<template><script>pwned=1</script>",
    "<noscript><img src=x onerror=pwned=1>", "<body onload=pwned=1",
    # addresses
    "javascript:pwned=1", '<a href="javascript:window.pwned=1">x</a>', "<base href=//evil/>",
    "<meta http-equiv=refresh content=0;url=//x>", "data:text/html,<b>x",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(//evil.example)}</style>", "//evil.example",
    # out of an attribute
    '"onfocus=pwned=1 x="', "'onfocus=pwned=1 x='", "`onclick=pwned=1 x=`", '"><b id=state>',
    "'><div id=seat-1>", '"><img src=x onerror=window.pwned=1>', "'><svg onload=window.pwned=1>",
    '" autofocus onfocus=window.pwned=1 x="', '"', "'", "`", "\\", '\\"', "a=b c",
    # to htmx, and to what our own scripts look for
    "<b hx-get=/ >", "<b hx-on:load=x()>", "<b data-hx-get=/>", "<b hx-swap-oob=true>",
    "<b ws-send>", '<div id="state">', 'data-version="0"', '<div hx-on::load="window.pwned=1">',
    "<div hx-get=/ hx-trigger=load hx-target=body>", "<div data-hx-get=/ data-hx-trigger=load>",
    '<div id="state" hx-swap-oob="true">', '<div id="answer" hx-swap-oob="innerHTML">x</div>',
    "<div sse-connect=/evil hx-ext=sse>",
    # to the templates
    "{{7*7}}", "{{config}}", "{% raw %}", "{# x #}", "${pwned=1}", "#{7*7}", "<%= 7*7 %>",
    "{{ cycler.__init__.__globals__ }}", "{{''.__class__.__mro__[1].__subclasses__()}}",
    "%(name)s {name} %s",
    # out of what stands around
    "</title><b>", "</textarea><b>", "</script><b>", "</style><b>", "</svg><b>", "</text></g>",
    "</title><script>pwned=1</script>", "</textarea><svg onload=window.pwned=1>",
    "<![CDATA[<b>]]>", "]]><b>", "--><b>", "<!--", "<!--><img src=x onerror=pwned=1>-->", "<?xml?>",
    '<svg xmlns="http://www.w3.org/2000/svg"/>', "<!ENTITY x SYSTEM 'file:///'>",
    # out of JSON, events and messages
    '"}],"x":[{"', "[object Object]", "__proto__", '"}]}</script><script>pwned=1</script>',
    "data: <b>", "event: table", "id: 9", "\\n\\nevent: table", "\\u003cb\\u003e", "null", "NaN",
    "undefined", "'; DROP TABLE--",
    # already escaped, or nearly markup
    "&lt;b&gt;", "&#60;b&#62;", "&amp;amp;", "&quot;", "&lt", "&#x0;", "%3Cb%3E", "\uff1cb\uff1e",
    "<\u017fcript>", "<b\u200b>", "\ufeff<b>", "\u00abb\u00bb", "<\u0301b>", "\u2039svg\u203a",
)  # fmt: skip

SHORT = tuple(one for one in PAYLOADS if len(one) <= LONGEST_SEAT_NAME)

#: What would end the line it stands in: no name may hold it.
BROKEN_LINES = (
    'a\n\nevent: table\ndata: <b id="x">', "a\ndata: <b>", "a\r\ndata: <b>", "a\rid: 9", "a\0b",
    "a\x0bb", "a\x0cb", "a\x85b", "a\u2028b", "a\u2029b", "\u202e<b>",
)  # fmt: skip
