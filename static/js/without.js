// Where htmx did not come (a broken line, a page that is leaving) forms are plain ones, and nothing that
// is loaded after it falls over its absence; channel.js says that the page is not live.
globalThis.htmx ??= { config: {}, defineExtension() {} };
