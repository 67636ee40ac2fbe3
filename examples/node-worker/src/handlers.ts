import { bookPrices } from './book-prices.js';
import { priceOrder } from './price-order.js';

/** By name, as function nodes call them. */
export const handlers = { price_order: priceOrder, book_prices: bookPrices };
