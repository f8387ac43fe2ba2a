/**
 * Attributes of a call or of a child: a map, flat by convention. Any value is accepted; what is no `Value` is
 * normalised (§1.4). An Error becomes `exception.*` attributes.
 */
export type AttributeInput = object;

/** The type error of pino's argument order. */
export type MessageComesFirst = "message first, then attributes: log.info(message, attributes)";
