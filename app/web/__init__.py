"""Pages and forms: everything a person sees or sends over plain HTTP."""
