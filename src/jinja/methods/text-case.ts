import { method, type Method } from './method.js';

/** `hello wORLD` as `Hello World`: a letter after no letter is large, all others small. */
export function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, (word) => capitalize(word));
}

/** The first letter large, all others small. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('').toLowerCase();
}

function predicate(name: string, test: (text: string) => boolean): readonly [string, Method<string>] {
  return [name, method(name, [], 0, (self: string) => test(self))];
}

function mapping(name: string, change: (text: string) => string): readonly [string, Method<string>] {
  return [name, method(name, [], 0, (self: string) => change(self))];
}

const hasCase = (text: string): boolean => text.toLowerCase() !== text.toUpperCase();

/** The methods of str that change or ask for its letters. */
export const caseMethods: readonly (readonly [string, Method<string>])[] = [
  mapping('upper', (text) => text.toUpperCase()),
  mapping('lower', (text) => text.toLowerCase()),
  mapping('casefold', (text) => text.toLowerCase().replaceAll('ß', 'ss')),
  mapping('title', titleCase),
  mapping('capitalize', capitalize),
  mapping('swapcase', (text) =>
    Array.from(text, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join(
      '',
    ),
  ),
  predicate('isdigit', (text) => /^[\p{Nd}²³¹⁰-₉]+$/u.test(text)),
  predicate('isdecimal', (text) => /^\p{Nd}+$/u.test(text)),
  predicate('isnumeric', (text) => /^\p{N}+$/u.test(text)),
  predicate('isalpha', (text) => /^\p{L}+$/u.test(text)),
  predicate('isalnum', (text) => /^[\p{L}\p{N}]+$/u.test(text)),
  predicate('isspace', (text) => /^\s+$/.test(text)),
  predicate('islower', (text) => hasCase(text) && text === text.toLowerCase()),
  predicate('isupper', (text) => hasCase(text) && text === text.toUpperCase()),
  predicate('istitle', (text) => hasCase(text) && text === titleCase(text)),
  predicate('isidentifier', (text) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text)),
];
