// How much is kept while failures are grouped.

/** Groups; a fault with a text of its own each time must not take all memory. */
export const maxGroups = 20_000
