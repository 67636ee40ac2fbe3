/**
 * Node ids and channel names are users', and may be alike or be called `constructor`; LangGraph keeps both as members of
 * plain objects. A mark before each keeps them apart from one another and from what objects inherit.
 */
export const BOOK = '%book';
const NODE = '#';
const CHANNEL = '@';

export const nodeName = (id: string): string => NODE + id;
export const channelName = (name: string): string => CHANNEL + name;
