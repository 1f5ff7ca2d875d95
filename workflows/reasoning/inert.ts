const address = /[^\s<>|()[\]]*:\/\/[^\s<>|)\]]*|(?:mailto|javascript|tel|data:[a-z]+\/[a-z]+)[:;][^\s<>|)\]]*|www\.[^\s<>|)\]]+/gi;
const markdownImage = /!\[([^\]]*)\]\([^)]*\)/g;
const markdownLink = /\[([^\]]*)\]\([^)]*\)/g;
const markdownReference = /^\s*\[[^\]]+\]:.*$/gm;
const slackMark = /<([!@#][^>]*>?|[^<>|]*\|[^<>]*>)/g;
/** A name with dots whose last part is no number: whether that is a domain is a viewer's to say. */
const dotted = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.[\p{L}_-][\p{L}\p{N}_-]+/gu;

const removed = '[link removed]';

/**
 * Text of a model on its way to people: nothing in it leads anywhere. Links, images and mentions go, and so do domains that `known`, the
 * evidence, does not name: a viewer that makes links of them would carry out whatever they spell.
 */
export function inert(text: string, known: (name: string) => boolean): string {
  return text
    .toWellFormed()
    .replace(/\p{Cf}|\p{Variation_Selector}/gu, '')
    .replace(markdownReference, removed)
    .replace(markdownImage, '$1')
    .replace(markdownLink, '$1')
    .replace(slackMark, removed)
    .replace(address, removed)
    .replace(dotted, (name) => (known(name) ? name : removed));
}
