/** What a person has asked to be typed goes under this name, where a policy's own stands else. */
export const LETTER = 'letter';
